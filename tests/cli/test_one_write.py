"""What goes wrong is told in one write: processes that share a terminal do not tell it into each other's lines."""

import io
import sys

import pytest

from adapters.cli import command_line
from tests.cli.terminal import WorldProgram
from tests.worlds import MemoryWorld


class Writes(io.StringIO):
    """Remembers what was written at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def write(self, text: str) -> int:
        """Remember it."""
        self.texts.append(text)
        return len(text)


@pytest.mark.parametrize("arguments", [["nonsense"], ["jobs", "--limit", "-1"]])
def test_an_error_is_one(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """With the end of its line."""
    writes = Writes()
    monkeypatch.setattr(sys, "stderr", writes)
    monkeypatch.setenv("ARROWER_DSN", "postgresql://db.example/shop")

    assert command_line(WorldProgram(MemoryWorld()))(arguments, standalone_mode=False) == 2

    (line,) = writes.texts
    assert line.startswith("arrower: ")
    assert line.endswith("\n")
