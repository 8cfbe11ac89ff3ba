"""Groups of dead jobs, between jobs that ended otherwise."""

from adapters.postgres.driver import Pool
from application.jobs.looking import MOST_GROUPS
from domain.jobs import JobId
from tests.worlds import PostgresWorld

_END = """
insert into arrower.finished_jobs (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues,
    enqueued_at, finished_at, error_kind)
select $1 + n, '', $2 || to_char(n, 'FM000'), '{}', 0, now(), $3, 1, 1, 0, now(),
    now() - $4::integer * interval '1 minute', $5
from generate_series(1, $6::integer) as n"""


async def _end(pool: Pool, first: int, kind: str, state: str, *, minutes_ago: int = 0, number: int = 1) -> None:
    error_kind = "KeyError: …" if kind == "dead" else None
    await pool.execute(_END, first, kind, state, minutes_ago, error_kind, number)


async def test_one_without_a_kind_of_error_has_no_completed_jobs(world: PostgresWorld) -> None:
    """A worker of the version before has buried it; the others of its type ended well, before and after."""
    await _end(world.pool, 0, "receipt", "completed", minutes_ago=3)
    await _end(world.pool, 1, "receipt", "dead", minutes_ago=2)
    await _end(world.pool, 2, "receipt", "completed", minutes_ago=1)

    (group,) = await world.room.dead()

    assert (group.count, group.example, group.first_seen) == (1, JobId(2), group.last_seen)


async def test_types_of_which_none_is_dead_take_no_place(world: PostgresWorld) -> None:
    """There is room for so many groups, and so many there are."""
    await _end(world.pool, 0, "a completed one", "completed")
    await _end(world.pool, 1_000, "type", "dead", number=MOST_GROUPS)
    await _end(world.pool, 2_000, "type001 and another", "completed", number=MOST_GROUPS)

    assert len(await world.room.dead()) == MOST_GROUPS
