"""The log of a process: lines for people, each with the job it belongs to."""

import logging

from adapters.telemetry import JobFields
from adapters.telemetry.logs import FIELDS

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JobLines(logging.Formatter):
    """Puts the fields of the job behind the message: `… [job_id=42 job_type=send_receipt queue=emails attempt=1]`."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's own name
        """Return the line, without the traceback."""
        fields = ((name, getattr(record, name, None)) for name in FIELDS)
        told = " ".join(f"{name}={value}" for name, value in fields if value is not None)
        line = super().formatMessage(record)
        return f"{line} [{told}]" if told else line


def configure_logging(level: str) -> None:
    """Write the log of this process to standard error, from this level on."""
    handler = logging.StreamHandler()
    handler.addFilter(JobFields())
    handler.setFormatter(JobLines(_FORMAT))
    logging.basicConfig(level=level, handlers=[handler])
