"""A worker process as an application would start it: `python -m tests.faults.worker_process PLAN`."""

import asyncio
import json
import logging
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import asyncpg

from adapters.postgres import PostgresQueue, PostgresUnitOfWork, migrate
from domain.jobs import RetryPolicy
from tests.faults.act import Actor
from tests.faults.break_points import BreakPoints
from tests.faults.history import Ledger

MAX_ATTEMPTS = 4
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Plan:
    """How a worker works, and when it dies."""

    dsn: str
    ledger: str
    lease: float = 2.0
    pool_size: int = 4
    connections: int = 5
    poll_interval: float = 0.25
    grace: float = 5.0
    max_attempts: int = MAX_ATTEMPTS
    timeout: float | None = None
    die_at: str | None = None
    die_on: int = 1
    clock_off: float = 0.0
    migrates: bool = False
    pool_options: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return what `main` takes."""
        return json.dumps(asdict(self))


async def work(plan: Plan) -> None:
    """Work until SIGTERM or SIGINT."""
    asked = _asked_to_stop()
    async with asyncpg.create_pool(plan.dsn, min_size=0, max_size=plan.connections, **plan.pool_options) as pool:
        if plan.migrates:
            await migrate(pool)
            return
        queue = PostgresQueue(
            pool,
            pool_size=plan.pool_size,
            lease=timedelta(seconds=plan.lease),
            poll_interval=timedelta(seconds=plan.poll_interval),
        )
        break_points = BreakPoints(plan.die_at, plan.die_on)
        break_points.install(queue)
        actor = Actor(Ledger(Path(plan.ledger)), queue, PostgresUnitOfWork(pool), break_points)
        retry = RetryPolicy(max_attempts=plan.max_attempts, base=timedelta(milliseconds=50), factor=1, jitter=0)
        timeout = None if plan.timeout is None else timedelta(seconds=plan.timeout)
        await queue.register_job_func(actor, retry=retry, timeout=timeout)
        await asked.wait()
        await queue.shutdown(timedelta(seconds=plan.grace))


def _asked_to_stop() -> asyncio.Event:
    asked, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        asked.set()
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)  # asked again, the process ends at once

    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    return asked


class _Datetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


def put_clock(off: float) -> None:
    """Let everything of ours see a clock that is wrong by so many seconds, whichever way it looks at it."""
    right, right_ns = time.time, time.time_ns
    time.time = lambda: right() + off
    time.time_ns = lambda: right_ns() + round(off * 1e9)

    class Wrong(datetime, metaclass=_Datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # what it makes is a plain one
            return datetime.fromtimestamp(time.time(), tz)

    for name, module in tuple(sys.modules.items()):
        if name.startswith(("adapters.", "application.", "domain.")) and getattr(module, "datetime", None) is datetime:
            module.datetime = Wrong  # type: ignore[attr-defined]  # it has one


def main() -> None:
    """Work as planned."""
    plan = Plan(**json.loads(sys.argv[1]))
    logging.basicConfig(level="INFO", format="%(created).3f %(levelname)s %(name)s: %(message)s")
    if plan.clock_off:
        put_clock(plan.clock_off)
    asyncio.run(work(plan))


if __name__ == "__main__":
    main()
