"""The transaction that pgbench does in our place."""

import pytest

from tests.benchmarks.measures.pgbench import job_transaction


@pytest.mark.parametrize("pipelined", [False, True])
def test_the_script_is_the_transaction_of_the_adapter(pipelined: bool) -> None:  # noqa: FBT001  # a parameter of a test
    """Fence, effect and completion, in one transaction, all parameters given."""
    script = job_transaction(20, pipelined=pipelined)

    statements = [part.strip() for part in script.replace("\\startpipeline", "").split(";")]
    assert [next(i for i, s in enumerate(statements) if word in s) for word in _IN_THIS_ORDER] == [0, 1, 2, 3, 4]
    assert "$" not in script
    assert "{" not in script


_IN_THIS_ORDER = ("begin", "for update", "into effects", "finished_jobs", "commit")


def test_what_the_adapter_sends_together_is_pipelined() -> None:
    """Three round trips: begin with the fence, the effect, the completion with the commit."""
    script = job_transaction(20, pipelined=True)

    assert script.count("\\startpipeline") == script.count("\\endpipeline") == 2


def test_clients_share_the_jobs_without_meeting() -> None:
    """Job after job goes to client after client."""
    assert "\\set id :n * 20 + :client_id + 1" in job_transaction(20, pipelined=False)
