"""A question at a real terminal."""

import asyncio
import os
import pty
import sys
from collections.abc import AsyncIterator

import pytest

from domain.jobs import JobState
from tests.architecture.layers import ROOT
from tests.worlds import PostgresWorld, open_postgres_world
from tests.worlds.deadline import eventually, within
from tests.worlds.jobs import CheckFraud


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world in PostgreSQL."""
    async with open_postgres_world(database_dsn) as world:
        yield world


@pytest.mark.parametrize(
    ("key", "code", "said", "left"),
    [
        (b"\x03", 1, "[y/N]: ^C\r\narrower: called off\r\n", {JobState.READY: 3}),
        (b"n\n", 1, "[y/N]: n\r\narrower: called off\r\n", {JobState.READY: 3}),
        (b"y\n", 0, "cancelled 3 jobs\r\n", {JobState.CANCELLED: 3}),
    ],
)
async def test_it_is_answered(
    world: PostgresWorld, key: bytes, code: int, said: str, left: dict[JobState, int]
) -> None:
    """By a key, or by Ctrl-C; what follows stands on a line of its own."""
    await world.queue().enqueue([CheckFraud(f"A-{number}") for number in range(3)])
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "infrastructure.command_line", "cancel", "--all"),
        cwd=ROOT,
        env=os.environ | {"ARROWER_DSN": world.dsn, "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_take_the_terminal,
    )
    os.close(theirs)
    os.set_blocking(ours, False)
    output = bytearray()
    await eventually(lambda: _has_asked(ours, output))
    os.write(ours, key)

    assert await within(process.wait()) == code
    _has_asked(ours, output)
    os.close(ours)
    assert output.decode().endswith(said)
    assert await world.counts() == left


def _take_the_terminal() -> None:
    os.close(os.open(os.ttyname(0), os.O_RDWR))  # a session's first terminal is the one whose Ctrl-C it hears


def _has_asked(terminal: int, output: bytearray) -> bool:
    try:
        while piece := os.read(terminal, 4_096):
            output += piece
    except OSError:  # nothing more for now, or for good
        pass
    return b"Cancel 3 jobs? [y/N]: " in output
