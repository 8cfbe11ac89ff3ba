"""The command as a process of its own."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from typing import NamedTuple

from tests.architecture.layers import ROOT
from tests.worlds.deadline import within


class Ended(NamedTuple):
    """How it ended, and what it said."""

    code: int
    stdout: str
    stderr: str


async def start(dsn: str, *arguments: str, stdout: int = PIPE) -> Process:
    """Start it, as somebody does who has set ARROWER_DSN."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "infrastructure.command_line", *arguments),
        cwd=ROOT,
        env=os.environ | {"ARROWER_DSN": dsn, "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=stdout,
        stderr=PIPE,
    )


async def ended(process: Process) -> Ended:
    """Wait for its end."""
    stdout, stderr = await within(process.communicate())
    assert process.returncode is not None
    return Ended(process.returncode, (stdout or b"").decode(), stderr.decode())


async def arrower(dsn: str, *arguments: str) -> Ended:
    """Run it to its end."""
    return await ended(await start(dsn, *arguments))
