"""Where results go: tables for people, JSON for programs."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console

_WIDTH_OF_A_FILE = 160

Document = Mapping[str, Any]


def console() -> Console:
    """Return standard output: as wide as the terminal, or wide enough where it is none."""
    is_set = os.environ.get("COLUMNS", "").isdecimal()
    width = None if is_set or sys.stdout.isatty() else _WIDTH_OF_A_FILE
    return Console(highlight=False, markup=False, emoji=False, width=width)


def write_documents(documents: Iterable[Document]) -> None:
    """Write each on a line of its own, in ASCII, so that nothing in it can steer a terminal."""
    for document in documents:
        sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def write_note(text: str) -> None:
    """Tell people something that is no result, in one write: other processes may write to the same terminal."""
    sys.stderr.write(text + "\n")
