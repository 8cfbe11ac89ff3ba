"""What most tests of payloads do with a job."""

from dataclasses import make_dataclass
from typing import Any

import pytest

from adapters.payloads import PydanticPayloads
from domain.jobs import UnrepresentablePayload
from tests.unit.payloads.canonical import canonical


def job_with(annotation: Any, value: Any) -> Any:
    """Return a job of a fresh class with one field, `value`."""
    return make_dataclass("Job", [("value", annotation)])(value)


def comes_back(job: Any) -> Any:
    """Encode and decode in two processes, so to say; return the job read, which is the same."""
    read = PydanticPayloads().decode(PydanticPayloads().encode(job), type(job))

    assert type(read) is type(job)
    assert canonical(read) == canonical(job)
    return read


def is_refused(job: Any) -> str:
    """Return why the job is refused at encode."""
    with pytest.raises(UnrepresentablePayload) as caught:
        PydanticPayloads().encode(job)
    assert len(caught.value.reason) <= 400
    return caught.value.reason
