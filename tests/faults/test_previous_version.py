"""Workers of version 1 while the tables are migrated, and beside workers of this version.

Their statements are kept word for word, see version_1.sql.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.postgres import migrate
from adapters.postgres.migrate import apply, migrations
from adapters.postgres.schema import Schema
from domain.jobs import JobId, JobState
from tests.faults.act import Act
from tests.faults.history import Began, Ended, Enqueued, Outcome, Wrote
from tests.faults.scene import Scene
from tests.faults.version_1 import OldJob, OldWorker, old_worker
from tests.worlds import PostgresWorld, open_postgres_world
from tests.worlds.deadline import eventually, within
from tests.worlds.jobs import CheckFraud

TYPES = {"fraud.check": 3}
A_CENTURY = timedelta(days=36_500)
AN_HOUR = timedelta(hours=1)
ORDER = {"order": "A-1001"}


class OldCrew:
    """A worker of version 1 under load: it enqueues, claims, and leaves effects, until it is not wanted any more."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.is_wanted = True
        self.done = 0

    async def run(self) -> None:
        """Work."""
        async with old_worker(self._scene.dsn, {"act": 4}) as worker:
            while self.is_wanted:
                name = f"OLD-{self.done}"
                self._scene.ledger.write(Enqueued(name, Outcome.COMMITTED))
                await worker.enqueue({"name": name, "writes": True})
                for job in await worker.claim(limit=2):
                    await self._run_one(worker, job)
                assert await worker.beat()
            await worker.leave()

    async def _run_one(self, worker: OldWorker, job: OldJob) -> None:
        told = (job.payload["name"], job.attempt, os.getpid())
        self._scene.ledger.write(Began(*told))
        if not job.payload["writes"]:
            self._scene.ledger.write(Ended(*told, "returned"))
            assert await worker.complete(job)
        else:
            async with worker.attempt(job) as connection:
                await connection.execute("insert into effects values ($1, $2, $3)", *told)
                self._scene.ledger.write(Wrote(*told))
                self._scene.ledger.write(Ended(*told, "returned"))
        self.done += 1

    async def does(self, number: int) -> None:
        """Wait until it has done so many more."""
        wanted = self.done + number
        await eventually(lambda: self.done >= wanted)


async def test_a_worker_of_version_1_goes_on_while_the_tables_are_migrated_and_afterwards(scene: Scene) -> None:
    """Nobody has to be stopped for it: alone, while it happens, and beside a worker of this version."""
    await scene.pool.execute("drop schema arrower cascade")
    await apply(scene.pool, Schema(), migrations()[:1])
    crew = OldCrew(scene)
    working = asyncio.create_task(crew.run())
    try:
        await crew.does(30)
        await within(migrate(scene.pool))
        await crew.does(30)
        scene.crew.start()
        await scene.enqueue(*[Act(f"NEW-{n}", writes=n % 2 > 0) for n in range(60)])
        await crew.does(30)
    finally:
        crew.is_wanted = False
        await within(working)
    await scene.enqueue(Act("LAST"))
    await scene.done()

    await scene.check()
    assert await scene.pool.fetchval("select max(version) from arrower.migrations") == migrations()[-1].version
    assert await scene.pool.fetchval("select count(*) from arrower.attempts") == 0


@pytest.fixture
async def world(database_dsn: str) -> AsyncIterator[PostgresWorld]:
    """Yield a fresh world on Postgres, migrated to this version."""
    async with open_postgres_world(database_dsn) as world:
        yield world


@pytest.fixture
async def old(world: PostgresWorld) -> AsyncIterator[OldWorker]:
    """Yield a worker of version 1 in it."""
    async with old_worker(world.dsn, TYPES) as worker:
        yield worker


async def claimed(old: OldWorker) -> OldJob:
    """Let it enqueue a job, and claim it."""
    await old.enqueue(ORDER)
    (job,) = await old.claim()
    return job


async def test_its_attempts_end_as_they_did(world: PostgresWorld, old: OldWorker) -> None:
    """Well, with and without an effect, for now, for good, put off, and handed back."""
    async with old.attempt(await claimed(old)) as connection:
        await connection.execute("insert into effects (note) values ('of version 1')")
    assert await old.complete(await claimed(old))
    assert await old.retry(await claimed(old), AN_HOUR)
    assert await old.bury(await claimed(old))
    started = await claimed(old)
    assert await old.mark_started(started)
    assert await old.snooze(started, AN_HOUR)
    await old.release(await claimed(old))

    assert await world.effects() == ["of version 1"]
    assert await world.counts() == {
        JobState.COMPLETED: 2,
        JobState.SCHEDULED: 2,
        JobState.DEAD: 1,
        JobState.READY: 1,
    }


async def test_it_hands_back_and_leaves_as_it_did(world: PostgresWorld, old: OldWorker) -> None:
    """Nothing of it stays behind."""
    await claimed(old)
    assert await old.disown() == 1
    (job,) = await old.claim()
    await old.leave()

    assert await world.counts() == {JobState.READY: 1}
    assert not await old.complete(job)
    assert await old.claim() == []
    assert await world.inspection.workers() == []


async def test_its_operations_and_its_pruning_do_what_they_did(world: PostgresWorld, old: OldWorker) -> None:
    """Cancel, revive, hasten, promote, forget."""
    job_id = await old.enqueue(ORDER, AN_HOUR)
    for operation, state in (
        ("cancel", JobState.CANCELLED),
        ("revive", JobState.READY),
    ):
        assert await old.by_hand(operation, job_id)
        assert await world.state_of(JobId(job_id)) is state
    later = await old.enqueue(ORDER, AN_HOUR)
    assert await old.by_hand("hasten", later)
    await world.pool.execute("update arrower.jobs set state = 'scheduled'")
    assert await old.promote() == 2
    for job in await old.claim(limit=2):
        assert await old.complete(job)

    assert await old.prune(timedelta(0)) == 2
    assert await world.counts() == {}


async def test_it_rescues_the_jobs_of_a_worker_of_this_version(world: PostgresWorld, old: OldWorker) -> None:
    """Which can write nothing any more."""
    new = await world.worker(TYPES)
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    jobs = await new.claim()
    await world.pool.execute("update arrower.workers set heartbeat_at = '2020-01-01' where id = $1", new.id)

    assert await old.suspects() == [new.id]
    await old.rescue(new.id)

    assert await world.counts() == {JobState.READY: 2}
    assert not await new.complete(jobs[0])
    assert len(await old.claim(limit=2)) == 2


async def test_its_own_jobs_are_rescued_by_workers_of_this_version(world: PostgresWorld) -> None:
    """Its session is ended, so nothing of it can arrive any more."""
    async with old_worker(world.dsn, TYPES) as frozen:
        await claimed(frozen)
        world.clock.advance(A_CENTURY)  # by the clock of this world, which is not that of the old worker
        await world.maintain()

    assert await world.counts() == {JobState.READY: 1}
    new = await world.worker(TYPES)
    assert await new.complete(await new.claim_one())
