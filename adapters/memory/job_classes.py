"""Remembering which class was enqueued under which type name."""

from application.jobs.payloads import JobT, Payloads
from domain.jobs import job_type_of


class RememberingPayloads(Payloads):
    """Passes on to other payloads, and notes the class of what is encoded."""

    def __init__(self, payloads: Payloads, classes: dict[str, type]) -> None:
        """Note classes in `classes`, by type name."""
        self._payloads = payloads
        self._classes = classes
        self._noted: type | None = None

    def encode(self, job: object) -> str:
        """Encode as `Payloads.encode` promises."""
        job_class = type(job)
        if job_class is not self._noted:
            self._classes[job_type_of(job_class)] = job_class
            self._noted = job_class
        return self._payloads.encode(job)

    def decode(self, payload: str, job_class: type[JobT]) -> JobT:
        """Decode as `Payloads.decode` promises."""
        return self._payloads.decode(payload, job_class)
