"""What errors have in common."""

import re

_LONGEST = 200

# What differs from one error to the next of a kind: quoted values, addresses, ids, numbers.
_DETAIL = re.compile(
    r"""'[^']*'|"[^"]*"|\b0x[0-9a-f]+\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"""
    r"""|\b(?=[0-9a-f]*[0-9])[0-9a-f]{12,}\b|(?<![A-Za-z_])\d[\d.,:]*\b""",
    re.IGNORECASE,
)


def kind_of(error: str) -> str:
    """Return the first line of an error with its details as `…`, so that errors of a kind are equal."""
    line = error.strip().partition("\n")[0].strip()
    return _DETAIL.sub("…", line)[:_LONGEST]
