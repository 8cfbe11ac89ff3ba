"""What the doctor finds on a server where it was brought about."""

from application.jobs.diagnosing import FindingKind, Severity
from tests.worlds import PostgresWorld
from tests.worlds.deadline import eventually


async def found(world: PostgresWorld) -> dict[FindingKind, tuple[Severity, str]]:
    """Return the kinds that were found, how bad they are and what they are about."""
    return {finding.kind: (finding.severity, finding.about) for finding in await world.room.diagnose()}


async def test_tables_of_another_version(world: PostgresWorld) -> None:
    """Newer ones are fine, older ones are not, and missing ones are told without an error."""
    await world.pool.execute("insert into arrower.migrations (version, name) values (99, 'later')")
    newer = await found(world)
    await world.pool.execute("delete from arrower.migrations where version > 1")
    older = await found(world)
    await world.pool.execute("drop schema arrower cascade")

    assert newer == {FindingKind.NEWER_SCHEMA: (Severity.NOTICE, "")}
    assert older == await found(world) == {FindingKind.NOT_MIGRATED: (Severity.ERROR, "")}


async def test_dead_rows_that_nobody_cleans_up(world: PostgresWorld) -> None:
    """Autovacuum does not come to this table."""
    await world.pool.execute("alter table arrower.statistics set (autovacuum_enabled = off)")
    await world.pool.execute("alter table arrower.jobs set (autovacuum_enabled = off)")
    await world.pool.execute("alter table arrower.jobs disable trigger user")
    await world.pool.execute(
        "insert into arrower.jobs (queue, type, payload, state, run_at) "
        "select '', 'receipt', '{}', 'scheduled', now() from generate_series(1, 12000)"
    )
    await world.pool.execute("delete from arrower.jobs")

    async def is_found() -> bool:
        return (await found(world)).get(FindingKind.VACUUM_BEHIND) == (Severity.WARNING, "jobs")

    await eventually(is_found)


async def test_more_places_than_connections(world: PostgresWorld) -> None:
    """All of them might write at once."""
    await world.worker({"fraud.check": 25}, size=1_000)

    assert (await found(world))[FindingKind.CONNECTIONS_SHORT] == (Severity.WARNING, "")
