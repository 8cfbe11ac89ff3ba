"""The promise over classes and values that nobody picked: what is encoded comes back the same."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from adapters.payloads import PydanticPayloads
from domain.jobs import UnrepresentablePayload
from tests.unit.payloads.canonical import canonical
from tests.unit.payloads.strategies import jobs

EXAMPLES = 150
thoroughly = settings(
    derandomize=True,
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@thoroughly
@given(jobs())
def test_a_job_comes_back_the_same_or_is_refused(job: Any) -> None:
    """Values of the declared types, NaN and NUL among them."""
    comes_back_the_same_or_is_refused(job)


@thoroughly
@given(jobs(fitting=False))
def test_a_job_that_breaks_its_own_annotations_comes_back_the_same_or_is_refused(job: Any) -> None:
    """Dataclasses do not check what they are given."""
    comes_back_the_same_or_is_refused(job)


def comes_back_the_same_or_is_refused(job: Any) -> None:
    """Encode, decode, and compare with an equality of our own."""
    payloads = PydanticPayloads()
    try:
        payload = payloads.encode(job)
    except UnrepresentablePayload:
        return
    read = payloads.decode(payload, type(job))

    assert canonical(read) == canonical(job)
    assert type(read) is type(job)
    assert isinstance(json.loads(payload), dict)
