"""Several processes look for dead workers at the same time."""

import asyncio

from domain.jobs import JobState
from tests.worlds import HandWorker, PostgresWorld
from tests.worlds.deadline import within
from tests.worlds.hand_worker import LEASE
from tests.worlds.jobs import CheckFraud


class TestRescuers:
    """Any number may: a dead worker is freed by one of them, and no living one is harmed."""

    async def test_that_meet_at_a_dead_worker_do_not_harm_each_other(self, world: PostgresWorld) -> None:
        """Neither loses its session or its jobs."""
        dead = await world.worker({"fraud.check": 25}, pool_name="dead")
        await world.queue().enqueue([CheckFraud(f"A-{number}") for number in range(200)])
        await dead.claim(200)
        rescuers = [await world.worker({"fraud.check": 25}, pool_name=f"rescuer {number}") for number in range(4)]
        world.clock.advance(LEASE + LEASE)
        for rescuer in rescuers:
            assert await rescuer.store.heartbeat(rescuer.id)
        before = await self._sessions(world, rescuers)

        await within(asyncio.gather(*(rescuer.store.maintain() for rescuer in rescuers)))

        assert await self._sessions(world, rescuers) == before
        assert await world.counts() == {JobState.READY: 200}

    async def test_one_that_waits_for_another_is_not_ended_by_it(self, world: PostgresWorld) -> None:
        """A rescue that is under way holds the rows of the jobs, but it is no frozen attempt."""
        dead = await world.worker({"fraud.check": 25}, pool_name="dead")
        await world.queue().enqueue(CheckFraud("A-1001"))
        await dead.claim_one()
        rescuer = await world.worker({"fraud.check": 25}, pool_name="rescuer")
        other = await world.worker({"fraud.check": 25}, pool_name="other rescuer")
        world.clock.advance(LEASE + LEASE)
        for alive in (rescuer, other):
            assert await alive.store.heartbeat(alive.id)

        async with world.pool.acquire() as busy, busy.transaction():
            pid = busy.get_server_pid()
            await world.pool.execute("update arrower.workers set session_pid = $1 where id = $2", pid, other.id)
            # What another rescuer has done at this moment: declared the worker dead, freed its job, not committed.
            await busy.execute("update arrower.workers set died_at = now() where id = $1", dead.id)
            await busy.execute("update arrower.jobs set state = 'ready', rescues = 1 where worker = $1", dead.id)
            await within(rescuer.store.maintain())

            assert await busy.fetchval("select 'still connected'") == "still connected"
        assert await world.counts() == {JobState.READY: 1}

    async def _sessions(self, world: PostgresWorld, workers: list[HandWorker]) -> list[int]:
        ids = [worker.id for worker in workers]
        rows = await world.pool.fetch(
            """
            select session_pid from arrower.workers join pg_stat_activity as session on session.pid = session_pid
            where id = any ($1::bigint[]) and died_at is null order by id
            """,
            ids,
        )
        assert len(rows) == len(workers), "a session is gone"
        return [row["session_pid"] for row in rows]
