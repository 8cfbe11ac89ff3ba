"""A worker process on PostgreSQL tells how it does."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest

from infrastructure.free_port import free_port
from infrastructure.health import ask
from tests.worlds.deadline import eventually

HOST = "127.0.0.1"


@contextmanager
def worker(dsn: str, port: int, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m infrastructure.worker`, or another command of Python; end it in any case."""
    settings = {"ARROWER_DSN": dsn, "ARROWER_HEALTH_PORT": str(port), "ARROWER_LOG_LEVEL": "ERROR"}
    command = command or ("-m", "infrastructure.worker")
    process = subprocess.Popen([sys.executable, *command], env=os.environ | settings)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ask_by_command(port: int) -> subprocess.CompletedProcess[str]:
    """Run `arrower health`."""
    command = [sys.executable, "-m", "infrastructure.command_line", "health", "--port", str(port)]
    return subprocess.run(command, capture_output=True, check=False, text=True)


async def told(question: str, port: int) -> list[str]:
    """Return what fails; nothing where all is well."""
    answer = await asyncio.to_thread(ask, question, HOST, port)
    return [] if answer.ok else answer.lines


async def test_a_worker_is_ready_while_it_can_work(database_dsn: str) -> None:
    """It stays alive without its database, and is ready again when that is back."""
    port = free_port()
    admin = await asyncpg.connect(database_dsn, database="postgres")
    async with asyncpg.create_pool(database_dsn, min_size=1, max_size=1) as pool:
        name = await pool.fetchval("select current_database()")
    with worker(database_dsn, port) as process:
        await eventually(lambda: _is_ready(port))
        asked = await asyncio.to_thread(ask_by_command, port)
        await admin.execute(f'alter database "{name}" with allow_connections false')
        without_database = await told("readyz", port), await told("livez", port)
        await admin.execute(f'alter database "{name}" with allow_connections true')
        await eventually(lambda: _is_ready(port))
        process.terminate()
        await eventually(lambda: process.poll() is not None)
    await admin.close()

    assert asked.returncode == 0, asked.stderr
    assert "ok   claims of queue default" in asked.stdout
    assert any(line.startswith("FAIL database") for line in without_database[0])
    assert without_database[1] == []
    assert process.returncode == 0


async def test_a_function_that_opens_queues_tells_their_health(database_dsn: str) -> None:
    """As a container does by itself."""
    port = free_port()
    with worker(database_dsn, port, "-m", "infrastructure.command_line", "worker", "tests.cli.workshops:visitors"):
        await eventually(lambda: _is_ready(port))
        asked = await asyncio.to_thread(ask_by_command, port)

    assert "ok   claims of queue visitors" in asked.stdout


async def test_a_schema_that_is_too_old_is_told(database_dsn: str) -> None:
    """The migration was forgotten."""
    port = free_port()
    async with asyncpg.create_pool(database_dsn, min_size=1, max_size=1) as pool:
        await pool.execute("delete from arrower.migrations where version > 1")
    with worker(database_dsn, port):
        await eventually(lambda: _says(port, "FAIL schema: version 1"))


@pytest.mark.parametrize("module", [("infrastructure.health",), ("infrastructure.command_line", "health")])
@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ((), 2, "ARROWER_HEALTH_PORT"),
        (("--port", "nowhere"), 2, "--port"),
        (("--port", "1"), 1, "no answer from 127.0.0.1:1"),
        (("livez", "--port", "1"), 1, "no answer from 127.0.0.1:1"),
        (("works", "--port", "1"), 2, "works"),
    ],
)
async def test_nobody_to_ask(module: tuple[str, ...], arguments: tuple[str, ...], code: int, reason: str) -> None:
    """It is told, and scripts can tell it from wrong use; no database is needed for it."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("ARROWER_")}
    command = [sys.executable, "-m", *module, *arguments]

    ended = await asyncio.to_thread(subprocess.run, command, env=settings, capture_output=True, check=False, text=True)

    assert ended.returncode == code, ended
    assert reason in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not ended.stdout


async def _is_ready(port: int) -> bool:
    return await told("readyz", port) == []


async def _says(port: int, beginning: str) -> bool:
    return any(line.startswith(beginning) for line in await told("readyz", port))
