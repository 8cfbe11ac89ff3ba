"""The endpoint, and asking it."""

import asyncio

import pytest

from adapters.memory import InMemoryProbe
from application.jobs.pulse import Pulse
from application.jobs.worker_health import WorkerHealth
from infrastructure.free_port import free_port
from infrastructure.health import ask, health_app, served
from infrastructure.health.__main__ import main

WELL = Pulse(queue="emails", pool_name="worker-1", running=3, late=0.0, since_claim=0.5, poll_interval=5.0)


def health_of(*pulses: Pulse | None) -> WorkerHealth:
    """Return the health of a process with these pools."""
    return WorkerHealth(InMemoryProbe(), lambda: pulses)


async def test_a_ready_worker_answers_with_its_checks() -> None:
    """The command ends with 0, and prints them."""
    async with served(health_app(health_of(WELL)), "127.0.0.1", 0) as port:
        answer = await asyncio.to_thread(ask, "readyz", "127.0.0.1", port)
        code = await asyncio.to_thread(main, ["readyz", "--port", str(port)])

    assert answer.ok
    assert answer.lines[-1] == "ok   claims of queue emails: last one 0.5 s ago"
    assert code == 0


async def test_one_that_is_not_ready_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    """It is alive nevertheless."""
    async with served(health_app(health_of(None)), "127.0.0.1", 0) as port:
        ready = await asyncio.to_thread(main, ["--port", str(port)])
        live = await asyncio.to_thread(main, ["livez", "--port", str(port)])
    printed = capsys.readouterr()

    assert (ready, live) == (1, 0)
    assert "FAIL pool: does not run" in printed.err


async def test_a_worker_that_is_not_there_is_not_ready(capsys: pytest.CaptureFixture[str]) -> None:
    """No answer is a bad one."""
    assert await asyncio.to_thread(main, ["--port", str(free_port())]) == 1
    assert "no answer" in capsys.readouterr().err


async def test_something_else_at_the_port_is_no_worker() -> None:
    """It may answer anything."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        said = await asyncio.to_thread(ask, "readyz", "127.0.0.1", port)

    assert not said.ok
    assert said.lines == ["this is no worker: b'hello'"]


def test_without_a_port_nobody_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in how it is called, not in the worker."""
    monkeypatch.delenv("ARROWER_HEALTH_PORT", raising=False)

    assert main([]) == 2
