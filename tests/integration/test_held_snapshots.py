"""The age of the snapshot that keeps PostgreSQL from cleaning up, as it is measured."""

from datetime import timedelta

import asyncpg

from adapters.postgres.schema import Schema
from adapters.postgres.surveys import Surveys
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually
from tests.worlds.jobs import SendReceipt
from tests.worlds.telescope import Telescope


async def test_a_session_that_holds_a_snapshot_is_seen_until_it_lets_go(
    world: PostgresWorld,
    database_dsn: str,
) -> None:
    """An open transaction without one is not in the way, and who counts does not see itself."""
    surveys = Surveys(world.pool, Schema("arrower"), None)
    holder = await asyncpg.connect(database_dsn)

    async def held() -> timedelta | None:
        return (await surveys.survey()).oldest_snapshot

    async def is_held_for_a_moment() -> bool:
        held_for = await held()
        return held_for is not None and held_for > timedelta(milliseconds=10)

    async def is_free() -> bool:
        return await held() is None

    try:
        await holder.execute("begin isolation level repeatable read")
        before = await held()
        await holder.execute("select 1 from pg_class limit 1")
        await eventually(is_held_for_a_moment)
        await holder.execute("rollback")
        await eventually(is_free)
    finally:
        await holder.close()

    assert before is None


async def test_the_gauge_shows_it(world: PostgresWorld, database_dsn: str) -> None:
    """As a pool saw it when it began."""
    holder = await asyncpg.connect(database_dsn)
    await holder.execute("begin isolation level repeatable read")
    await holder.execute("select 1 from pg_class limit 1")
    await holder.execute("select pg_sleep(0.02)")
    telescope = Telescope()
    queue = world.queue("emails", telemetry=telescope.telemetry)

    async def send_receipt(job: SendReceipt) -> None:
        pass

    try:
        await world.run(queue, send_receipt)
        await eventually(lambda: telescope.number("arrower.database.oldest_snapshot.age") >= 0.02)
    finally:
        await holder.close()
        telescope.close()
