"""A worker and a producer of version 1: its statements, word for word, sent as its code sent them."""

import json
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from adapters.postgres.driver import Connection
from adapters.postgres.schema import Schema

_SCHEMA = Schema()
_FROM_THE_START = (-32_768, datetime(1, 1, 2, tzinfo=UTC))


@cache
def statements() -> Mapping[str, str]:
    """Return them by their names."""
    text = (Path(__file__).parent / "version_1.sql").read_text()
    found = re.findall(r"^-- name: (\w+)\n(.*?)(?=\n\n-- name|\Z)", text, re.MULTILINE | re.DOTALL)
    return {name: _SCHEMA.sql(statement) for name, statement in found}


class OldJob(NamedTuple):
    """A job that was claimed."""

    id: int
    fence: int
    attempt: int
    payload: dict[str, Any]


class OldWorker:
    """Owns jobs, and does with them what it is told."""

    def __init__(self, connection: Connection, types: Mapping[str, int]) -> None:
        self._connection = connection
        self._types = types
        self.id = 0

    async def register(self, lease: timedelta) -> None:
        """Say that it lives, in its row and by its lock."""
        types = json.dumps(self._types)
        row = await self._fetch("register", "old", "", 1, "1", "host", os.getpid(), lease, types, None)
        self.id = row[0][0]
        lock = "select pg_try_advisory_lock($1, $2)"
        assert await self._connection.fetchval(lock, _SCHEMA.key, self.id & 0x7FFFFFFF)
        await self._fetch("holds_lock", self.id, self._connection.get_server_pid())
        await self._fetch("announce", self.id, types)

    async def beat(self) -> bool:
        """Say it again. False: it was taken for dead."""
        return bool(await self._fetch("heartbeat", self.id, self._connection.get_server_pid(), None))

    async def enqueue(self, payload: Mapping[str, Any], delay: timedelta | None = None) -> int:
        """Enqueue a job of its only type."""
        run_at = None if delay is None else datetime.now(UTC) + delay
        types = [next(iter(self._types))]
        return int((await self._fetch("enqueue", "", types, [json.dumps(payload)], 0, run_at, None, None))[0][0])

    async def promote(self) -> int:
        """Make ready what is due; return how many."""
        return int((await self._fetch("promote", "", 1_000, None))[0][0])

    async def claim(self, limit: int = 1) -> list[OldJob]:
        """Take the first ones."""
        rows = await self._fetch("claim", "", limit, list(self._types), self.id, None, *_FROM_THE_START)
        return [OldJob(row[2], row[6], row[5], json.loads(row[4])) for row in rows]

    async def mark_started(self, job: OldJob) -> bool:
        """Note that it runs."""
        return bool(await self._fetch("mark_started", job.id, job.fence, None))

    async def release(self, job: OldJob) -> None:
        """Hand it back."""
        await self._fetch("release", [job.id], [job.fence], "")

    async def disown(self) -> int:
        """Hand back what it does not know of: everything."""
        return int((await self._fetch("disown", self.id, [], []))[0][0])

    async def leave(self) -> None:
        """Hand back what it owns, and go."""
        await self._fetch("deregister", self.id)
        await self._fetch("leave", self.id, None)

    @asynccontextmanager
    async def attempt(self, job: OldJob) -> AsyncIterator[Connection]:
        """Fence, let a job func write, and complete together with the commit."""
        now = datetime.now(UTC)
        async with self._connection.transaction():
            assert await self._fetch("fence", job.id, job.fence), f"{job} is lost"
            yield self._connection
            assert await self._execute("complete_one", job.id, job.fence, now, now) == "INSERT 0 1"

    async def complete(self, job: OldJob) -> bool:
        """End it well, without an effect."""
        now = datetime.now(UTC)
        return await self._execute("complete", [job.id], [job.fence], [now], [now]) == "INSERT 0 1"

    async def retry(self, job: OldJob, delay: timedelta) -> bool:
        """Fail, to be tried again."""
        now = datetime.now(UTC)
        return await self._execute("retry", job.id, job.fence, delay, now, now, "Paper", "", None) == "INSERT 0 1"

    async def bury(self, job: OldJob) -> bool:
        """Fail for good."""
        now = datetime.now(UTC)
        return await self._execute("bury", job.id, job.fence, now, now, "Paper", "") == "INSERT 0 1"

    async def snooze(self, job: OldJob, delay: timedelta) -> bool:
        """Put it off."""
        return await self._execute("snooze", job.id, job.fence, delay, None) == "UPDATE 1"

    async def rescue(self, worker: int) -> None:
        """Free the jobs of a worker that is dead by its heartbeat."""
        async with self._connection.transaction():
            if await self._fetch("declare_dead", _SCHEMA.key, None, worker):
                await self._fetch("free_jobs", worker, None, "WorkerDied")
                await self._fetch("end_sessions", worker)
                await self._fetch("rescued", worker, None)

    async def suspects(self) -> list[int]:
        """Return whose heartbeat is too old."""
        return [row["id"] for row in await self._fetch("suspects", _SCHEMA.key, None) if row["silent"]]

    async def prune(self, keep: timedelta) -> int:
        """Forget the history."""
        number = int((await self._fetch("prune", keep, 5_000, None))[0][0])
        await self._fetch("prune_workers", keep, None)
        return number

    async def by_hand(self, operation: str, job_id: int) -> bool:
        """Revive, hasten or cancel."""
        return bool(await self._fetch(operation, job_id, None))

    async def _fetch(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self._connection.fetch(statements()[name], *arguments)

    async def _execute(self, name: str, *arguments: Any) -> str:
        return await self._connection.execute(statements()[name], *arguments)


@asynccontextmanager
async def old_worker(
    dsn: str, types: Mapping[str, int], lease: timedelta = timedelta(minutes=1)
) -> AsyncIterator[OldWorker]:
    """Let one work for the length of a block; it goes without a word."""
    connection = await asyncpg.connect(dsn)
    try:
        worker = OldWorker(connection, types)
        await worker.register(lease)
        yield worker
    finally:
        connection.terminate()
