"""Workers that are woken, and jobs that are written by hand."""

from datetime import timedelta

import asyncpg

from adapters.postgres import PostgresQueue
from adapters.postgres.driver import Pool
from domain.jobs import JobState
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually
from tests.worlds.jobs import CheckFraud

NEVER = timedelta(hours=1)
BY_HAND = """insert into arrower.jobs (type, payload) values ('fraud.check', '{"order": "A-7"}')"""


class TestWaking:
    """An idle worker does not wait for its poll interval."""

    async def test_a_job_enqueued_elsewhere_wakes_it(self, world: PostgresWorld) -> None:
        """Through other connections, as from another process."""
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        queue = world.queue(poll_interval=NEVER)
        await world.run(queue, check_fraud)
        await world.reaches(await queue.enqueue(CheckFraud("A-1001")), JobState.COMPLETED)
        elsewhere = world.queue(pool=await world.new_pool())
        await elsewhere.enqueue(CheckFraud("A-1002"))

        await world.eventually(lambda: checked == ["A-1001", "A-1002"])

    async def test_a_job_written_in_sql_runs(self, pool: Pool) -> None:
        """Its type and its payload are all there need be."""
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        async with PostgresQueue(pool, poll_interval=NEVER) as queue:
            await queue.register_job_func(check_fraud)
            await queue.enqueue(CheckFraud("A-1"))
            await eventually(lambda: checked == ["A-1"])
            await pool.execute(BY_HAND)

            await eventually(lambda: checked == ["A-1", "A-7"])

    async def test_a_job_scheduled_in_sql_runs_when_it_is_due(self, pool: Pool) -> None:
        """The worker sleeps until then, not for its poll interval."""
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        async with PostgresQueue(pool, poll_interval=NEVER) as queue:
            await queue.register_job_func(check_fraud)
            await queue.enqueue(CheckFraud("A-1"))
            await eventually(lambda: checked == ["A-1"])
            await pool.execute(
                """
                insert into arrower.jobs (type, payload, state, run_at)
                values ('fraud.check', '{"order": "A-7"}', 'scheduled', now() + interval '0.2 s')
                """,
            )

            await eventually(lambda: checked == ["A-1", "A-7"])

    async def test_it_listens_again_after_its_connection_was_cut(self, world: PostgresWorld) -> None:
        """And finds what was enqueued meanwhile."""
        queue = world.queue(poll_interval=NEVER, pool_name="cut off")
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await world.run(queue, check_fraud)
        await world.reaches(await queue.enqueue(CheckFraud("A-1001")), JobState.COMPLETED)
        await world.pool.execute("select pg_terminate_backend(session_pid) from arrower.workers")
        elsewhere = world.queue(pool=await world.new_pool())
        await elsewhere.enqueue(CheckFraud("A-1002"))
        await world.eventually(lambda: checked == ["A-1001", "A-1002"])
        await elsewhere.enqueue(CheckFraud("A-1003"))
        await world.eventually(lambda: checked == ["A-1001", "A-1002", "A-1003"])

        assert [worker.pool_name for worker in await world.inspection.workers()] == ["cut off"]

    async def test_one_notification_is_sent_per_transaction(self, world: PostgresWorld, database_dsn: str) -> None:
        """However many jobs it enqueues."""
        heard: list[object] = []
        listener = await asyncpg.connect(database_dsn)
        try:
            await listener.add_listener("arrower", lambda *heard_now: heard.append(heard_now))
            async with world.unit_of_work:
                for order in ("A-1001", "A-1002", "A-1003"):
                    await world.queue().enqueue([CheckFraud(order)] * 100)
            await world.pool.execute("notify arrower, 'the end'")
            await eventually(lambda: len(heard) > 1)
        finally:
            await listener.close()

        assert len(heard) == 2


class TestReadableRows:
    """People look into the tables."""

    async def test_the_payload_is_plain_json(self, world: PostgresWorld) -> None:
        """Its fields can be asked for in SQL."""
        await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("Ö-1002")])

        rows = await world.pool.fetch(
            "select payload ->> 'order' from arrower.jobs where type = 'fraud.check' order by id"
        )

        assert [row[0] for row in rows] == ["A-1001", "Ö-1002"]
