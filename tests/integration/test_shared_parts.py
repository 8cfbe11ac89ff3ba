"""What the queues of a process share belongs to their pool and schema, and ends with them."""

import asyncio
import gc
import threading

import asyncpg

from adapters.postgres import PostgresQueue, control, migrate
from adapters.postgres import joint_completions as joint
from adapters.postgres.control import share_control
from adapters.postgres.driver import Pool
from adapters.postgres.joint_completions import joint_completions
from adapters.postgres.schema import Schema
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually, within
from tests.worlds.jobs import SendReceipt


async def work_through(pool: Pool, name: str, number: int, schema: str = "arrower") -> list[str]:
    """Enqueue so many jobs in a queue of its own, and return what a pool of it has run."""
    sent: list[str] = []

    async def send_receipt(job: SendReceipt) -> None:
        sent.append(job.order)

    async with PostgresQueue(pool, name, schema=schema) as queue:
        await queue.register_job_func(send_receipt)
        await queue.enqueue([SendReceipt(f"{name}-{n}") for n in range(number)])
        await eventually(lambda: len(sent) == number)
    return sorted(sent)


async def test_pools_that_come_and_go_have_nothing_in_common(database_dsn: str) -> None:
    """Nothing is kept of a pool that is gone: another one may have its address."""
    for turn in range(5):
        async with asyncpg.create_pool(database_dsn, min_size=0, max_size=2) as pool:
            assert len(await work_through(pool, f"turn-{turn}", 3)) == 3
        gc.collect()

        assert pool not in {key[0] for key in (*control._controls, *joint._joint)}


async def test_each_event_loop_has_its_own(database_dsn: str) -> None:
    """Two threads, a loop and a pool in each, the same schema, at the same time."""
    at_once = threading.Barrier(2)
    sent: dict[str, list[str]] = {}

    async def work(name: str) -> None:
        async with asyncpg.create_pool(database_dsn, min_size=0, max_size=2) as pool:
            for turn in range(5):
                at_once.wait()
                sent[f"{name}-{turn}"] = await work_through(pool, f"{name}-{turn}", 20)

    await within(asyncio.gather(*(asyncio.to_thread(asyncio.run, work(name)) for name in ("left", "right"))))

    assert {name: len(orders) for name, orders in sent.items()} == {
        f"{name}-{turn}": 20 for name in ("left", "right") for turn in range(5)
    }
    assert all(order.startswith(name) for name, orders in sent.items() for order in orders)


async def test_each_schema_has_its_own(database_dsn: str) -> None:
    """Queues of the same name in two schemas, on one pool: neither sees or completes a job of the other."""
    async with asyncpg.create_pool(database_dsn, min_size=0, max_size=4) as pool:
        await migrate(pool, schema="tenant")
        ours = PostgresQueue(pool, schema="arrower")
        await ours.enqueue(SendReceipt("OURS"))

        theirs, more = await within(
            asyncio.gather(work_through(pool, "", 30, "tenant"), work_through(pool, "other", 30, "arrower")),
        )

        assert (len(theirs), len(more)) == (30, 30)
        assert "OURS" not in theirs
        assert await pool.fetchval("select count(*) from arrower.finished_jobs") == 30
        assert await pool.fetchval("select count(*) from tenant.finished_jobs") == 30


async def test_whoever_comes_after_the_last_gets_a_new_one(world: PostgresWorld) -> None:
    """A connection that is being closed is in nobody's hands."""
    first = share_control(world.pool, Schema())
    assert share_control(world.pool, Schema()) is first
    await first.leave()
    leaving = asyncio.create_task(first.leave())
    await asyncio.sleep(0)

    second = share_control(world.pool, Schema())
    await leaving

    assert second is not first
    assert await within(second.session_pid())
    await second.leave()


async def test_completions_are_joint_where_pool_and_schema_are_the_same(world: PostgresWorld) -> None:
    """And nowhere else."""

    async def complete(ended: object) -> list[object]:
        raise AssertionError

    other_pool = await world.new_pool()
    one = joint_completions(world.pool, Schema(), complete)  # type: ignore[arg-type]  # never called

    assert joint_completions(world.pool, Schema(), complete) is one  # type: ignore[arg-type]
    assert joint_completions(world.pool, Schema("tenant"), complete) is not one  # type: ignore[arg-type]
    assert joint_completions(other_pool, Schema(), complete) is not one  # type: ignore[arg-type]
