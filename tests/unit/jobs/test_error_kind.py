"""What errors have in common."""

import pytest

from application.jobs.error_kind import WORKER_DIED, death_of, kind_of


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ValueError: order 1001 has 3 lines", "ValueError: order … has … lines"),
        ("KeyError: 'article'", "KeyError: …"),
        ('LookupError: no "Ada" here', "LookupError: no … here"),
        (
            "OSError: [Errno 111] Connect call failed ('10.0.0.7', 5432)",
            "OSError: [Errno …] Connect call failed (…, …)",
        ),
        ("RuntimeError: <Order object at 0x7fb15d156ad0>", "RuntimeError: <Order object at …>"),
        ("LookupError: 0af76519-16cd-43dd-8448-eb211c80319c", "LookupError: …"),
        ("LookupError: 0af7651916cd43dd8448eb211c80319c", "LookupError: …"),
        ("TimeoutError: 12.5 s, 1,000 times", "TimeoutError: … s, … times"),
        ("domain.jobs.errors.JobTimedOut: the job func", "domain.jobs.errors.JobTimedOut: the job func"),
        ("E501: sha256 v2", "E501: sha256 v2"),
        ("first line\nsecond line", "first line"),
        ("  \n", ""),
        ("", ""),
        ("x" * 999, "x" * 200),
        (death_of(7, "o'hara's"), WORKER_DIED),
    ],
)
def test_details_are_left_out(error: str, kind: str) -> None:
    """Numbers, ids, addresses and quoted values."""
    assert kind_of(error) == kind
