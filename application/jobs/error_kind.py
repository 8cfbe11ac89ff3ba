"""What errors have in common."""

import re

_LONGEST = 200

# What differs from one error to the next of a kind: quoted values, addresses, ids, numbers.
_DETAIL = re.compile(
    r"""'[^']*'|"[^"]*"|\b0x[0-9a-f]+\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"""
    r"""|\b(?=[0-9a-f]*[0-9])[0-9a-f]{12,}\b|(?<!\w)\d[\d.,:]*""",
    re.IGNORECASE,
)


_DEATH = "WorkerDied: worker "
WORKER_DIED = f"{_DEATH}… of pool … died or froze during the attempt"
"""The kind of all errors that `death_of` returns."""


def death_of(worker: int, pool_name: str) -> str:
    """Return the error of an attempt whose worker died."""
    return f"{_DEATH}{worker} of pool {pool_name} died or froze during the attempt"


def kind_of(error: str) -> str:
    """Return the first line of an error with its details as `…`, so that errors of a kind are equal."""
    line = error.strip().partition("\n")[0].strip()
    return WORKER_DIED if line.startswith(_DEATH) else _DETAIL.sub("…", line)[:_LONGEST]
