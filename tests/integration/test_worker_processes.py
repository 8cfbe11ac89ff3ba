"""Real processes that are killed and frozen: effects happen exactly once."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from adapters.postgres import PostgresQueue
from adapters.postgres.driver import Pool
from tests.integration.worker_program import TABLES, PackParcel
from tests.worlds.deadline import eventually

PARCELS = 400
WHILE_BUSY = 30
"""So many are done when the process is hit: the rest is still to do."""


@contextmanager
def worker(dsn: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker process; end it in any case."""
    process = subprocess.Popen([sys.executable, "-m", "tests.integration.worker_program", dsn])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
async def parcels(pool: Pool) -> PostgresQueue:
    """Return a queue of parcels to pack, empty so far."""
    await pool.execute(TABLES)
    return PostgresQueue(pool)


async def enqueue_parcels(pool: Pool, queue: PostgresQueue) -> None:
    """Wait until both workers are there, lest one packs everything while the other starts, and enqueue."""

    async def are_there() -> bool:
        return bool(await pool.fetchval("select count(*) from arrower.workers") == 2)

    await eventually(are_there)
    await queue.enqueue([PackParcel(number) for number in range(PARCELS)])


def done(pool: Pool, number: int, process: subprocess.Popen[bytes] | None = None) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether so many effects are committed, by anybody or by this process."""

    async def are_done() -> bool:
        pid = None if process is None else process.pid
        query = "select count(*) from effects where process = $1 or $1 is null"
        return bool(await pool.fetchval(query, pid) >= number)

    return are_done


def rescued(pool: Pool) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether a dead worker was found and its jobs were given away."""

    async def is_rescued() -> bool:
        return bool(await pool.fetchval("select count(*) from arrower.workers where rescued_at is not null") == 1)

    return is_rescued


async def assert_exactly_once(pool: Pool, number: int) -> None:
    """Compare jobs and effects."""
    row = await pool.fetchrow(
        """
        select (select count(*) from effects) as effects,
               (select count(distinct job) from effects) as jobs_with_effects,
               (select count(*) from arrower.finished_jobs where state = 'completed') as completed,
               (select count(*) from arrower.jobs) as left_over
        """,
    )
    assert row is not None
    assert tuple(row) == (number, number, number, 0)


class TestWorkerProcesses:
    """Two processes work, and one of them is hit."""

    async def test_one_killed_in_the_middle(self, database_dsn: str, pool: Pool, parcels: PostgresQueue) -> None:
        """The other one finishes its jobs; what the dead one had written without committing is gone."""
        with worker(database_dsn) as victim, worker(database_dsn) as survivor:
            await enqueue_parcels(pool, parcels)
            await eventually(done(pool, WHILE_BUSY, victim))
            victim.send_signal(signal.SIGKILL)
            await eventually(done(pool, PARCELS))
            await eventually(rescued(pool))
            survivor.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(survivor.wait) == 0

        await assert_exactly_once(pool, PARCELS)
        assert await pool.fetchval("select count(*) from arrower.attempts where outcome = 'died'") > 0
        assert await pool.fetchval("select count(*) from arrower.workers where left_at is not null") == 1

    async def test_one_frozen_past_its_lease_and_resumed(
        self,
        database_dsn: str,
        pool: Pool,
        parcels: PostgresQueue,
    ) -> None:
        """Its jobs were given away, so it commits nothing of them; then it goes on working."""
        with worker(database_dsn) as frozen, worker(database_dsn) as survivor:
            await enqueue_parcels(pool, parcels)
            await eventually(done(pool, WHILE_BUSY, frozen))
            frozen.send_signal(signal.SIGSTOP)
            await eventually(done(pool, PARCELS))
            await eventually(rescued(pool))
            frozen.send_signal(signal.SIGCONT)
            survivor.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(survivor.wait) == 0
            await parcels.enqueue([PackParcel(number) for number in range(10)])
            await eventually(done(pool, PARCELS + 10))
            await assert_exactly_once(pool, PARCELS + 10)
            frozen.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(frozen.wait) == 0

        await assert_exactly_once(pool, PARCELS + 10)
