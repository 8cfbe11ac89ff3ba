"""Lists of waiting jobs where they are put together of pieces of an index."""

import pytest

from application.jobs.looking import JobFilter
from domain.jobs import JobId, JobState
from tests.worlds import PostgresWorld

# Six are rare. The queue "hasty" has all it has before the others, so that its share ends early.
_FILL = """
insert into arrower.jobs (queue, type, payload, state, priority, run_at)
select case when n <= 9000 then 'hasty' when n % 3 = 0 then 'even' else 'odd' end,
       case when n % 3000 = 7 then 'rare' else 'usual' end, '{}', 'ready', n / 9001,
       now() - (20000 - n) * interval '1 s'
from generate_series(1, 18000) as n"""


@pytest.fixture
async def crowd(world: PostgresWorld) -> PostgresWorld:
    """Return a world in which many jobs are ready."""
    await world.pool.execute("alter table arrower.jobs disable trigger jobs_enqueued")
    await world.pool.execute(_FILL)
    return world


async def all_of(world: PostgresWorld, wanted: JobFilter, *, limit: int, newest_first: bool) -> list[JobId]:
    """Go through a list page by page."""
    ids: list[JobId] = []
    after = None
    while True:
        page = await world.room.jobs(wanted, limit=limit, after=after, newest_first=newest_first)
        ids += [job.id for job in page.jobs]
        after = page.next
        if after is None:
            return ids


async def sorted_by_hand(world: PostgresWorld, condition: str, order: str) -> list[JobId]:
    """Return what the list should be."""
    rows = await world.pool.fetch(f"select id from arrower.jobs where {condition} order by {order}")  # ours
    return [JobId(row["id"]) for row in rows]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("queue", [None, "hasty", "odd"])
async def test_rare_ones_of_very_many_are_found_in_order(
    crowd: PostgresWorld, queue: str | None, *, newest_first: bool
) -> None:
    """None is left out where a queue was not read to its end, and none comes before its turn."""
    direction = "desc" if newest_first else "asc"
    condition = "type = 'rare'" if queue is None else f"type = 'rare' and queue = '{queue}'"
    expected = await sorted_by_hand(crowd, condition, f"priority {direction}, run_at {direction}, id {direction}")

    wanted = JobFilter(queue=queue, state=JobState.READY, type="rare")
    assert await all_of(crowd, wanted, limit=2, newest_first=newest_first) == expected


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("state", [JobState.READY, JobState.SCHEDULED])
async def test_jobs_that_are_due_at_no_time_are_listed_once(
    world: PostgresWorld, state: JobState, *, newest_first: bool
) -> None:
    """SQL can write infinite times, which Python does not have."""
    await world.pool.execute(
        "insert into arrower.jobs (queue, type, payload, state, run_at) select 'q', 'x', '{}', $1, run_at::timestamptz "
        "from unnest(array['-infinity', '-infinity', '2026-06-01 12:00+00', 'infinity', 'infinity']) as run_at",
        state.value,
    )

    ids = await all_of(world, JobFilter(state=state), limit=1, newest_first=newest_first)

    assert ids == sorted(ids, reverse=newest_first)
    assert len(ids) == 5
