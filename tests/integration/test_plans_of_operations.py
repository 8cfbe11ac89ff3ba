"""What looking at queues and acting on many jobs reads, where the history is long."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
import pytest

from adapters.postgres.acting.bulk_operations import PostgresBulkOperations
from adapters.postgres.driver import Pool
from adapters.postgres.looking.dead_jobs import PostgresDeadJobs
from adapters.postgres.looking.inspection import PostgresInspection
from adapters.postgres.looking.job_listing import PostgresJobListing
from adapters.postgres.looking.queue_figures import PostgresQueueFigures
from adapters.postgres.schema import Schema
from adapters.postgres.surveys import Surveys
from application.jobs.looking import JobFilter, Position
from domain.jobs import JobId, JobState
from tests.integration.reading import Statement, rows_read, scans, watched_pool
from tests.loop_apart import LoopApart
from tests.postgres_server import Databases

BIG = ("jobs", "finished_jobs", "attempts")
PAGE, FEW, STRETCH, COUNTED = 300, 20_100, 52_000, 120_000
"""Rows that one scan may read, with dead ones in between: the bounds of the adapter."""

# The planner samples the whole tables: what it chooses must not depend on what it happened to see. One in seven is
# dead, more than are sorted, and one in a hundred cancelled. The waiting ones are more than a stretch, too.
_FILL = """
alter table arrower.jobs set (autovacuum_enabled = off);
alter table arrower.finished_jobs set (autovacuum_enabled = off);
alter table arrower.jobs disable trigger jobs_enqueued;
alter table arrower.jobs alter column id set statistics 1000;
alter table arrower.finished_jobs alter column id set statistics 1000;
alter table arrower.attempts alter column job_id set statistics 1000;
insert into arrower.workers (pool_name, queue, size, version, host, pid, lease, max_attempts,
    started_at, heartbeat_at)
select 'pool', 'q1', 10, '', '', n, '1 h', '{}', now(), now() from generate_series(1, 3) as n;
insert into arrower.finished_jobs (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker,
    enqueued_at, started_at, finished_at, error_kind)
select n, 'q' || n / 100 % 5, 'type' || n / 100 % 7, '{}', 0, at, case when n % 7 = 0 then 'dead'
    when n % 100 = 1 then 'cancelled' else 'completed' end, 1, 1, 0, 1, at, at, at, case n % 7 when 0 then 'boom' end
from generate_series(1, 160000) as n, lateral (select now() - (160000 - n) * interval '1 s' as at) as ended;
insert into arrower.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
select id, 1, 1, started_at, finished_at, 'failed', '', '' from arrower.finished_jobs where id % 5 = 0;
insert into arrower.jobs (id, queue, type, payload, state, run_at, worker, claimed_at)
select n, 'q' || n % 5, 'type' || n % 7, '{}', case when n % 100 = 0 then 'running' when n % 5 = 1 then 'scheduled'
    else 'ready' end, now(), case when n % 100 = 0 then 1 + n / 100 % 3 end, case when n % 100 = 0 then now() end
from generate_series(160001, 230000) as n;
update arrower.statistics_progress set counted_until = now() - interval '20 s';
vacuum analyze"""


class Look(NamedTuple):
    """Something that is done, and what may be read for it."""

    act: Callable[[Pool], Awaitable[object]]
    indexes: tuple[str, ...]
    rows: int = FEW


def _page(index: str, rows: int = STRETCH, *, deep: bool = False, **wanted: Any) -> Look:
    wanted_jobs = JobFilter(**wanted)
    at = None if index == "jobs_pkey" else datetime.now(UTC) - timedelta(hours=20 if "finished" in index else 0)

    async def stretch(pool: Pool) -> None:
        priority = 0 if index == "jobs_ready" else None
        after = Position(at, JobId(88_000 if "finished" in index else 200_000), priority) if deep else None
        for newest_first in (True, False):
            await PostgresJobListing(pool).stretch(wanted_jobs, after=after, limit=50, newest_first=newest_first)

    return Look(stretch, (index,), rows)


def _bulk(action: str, index: str, rows: int = PAGE, **wanted: Any) -> Look:
    async def act(pool: Pool) -> None:
        operations, state = PostgresBulkOperations(pool), wanted["state"]
        picked = await PostgresJobListing(pool).pick(JobFilter(**wanted), after=None, limit=10)
        assert len(picked.ids) == await getattr(operations, action)(picked.ids, state, as_of=await operations.now())

    return Look(act, (index, "jobs_pkey" if wanted["state"] in _LIVE else "finished_jobs_pkey"), rows)


def _count(index: str, **wanted: Any) -> Look:
    return Look(lambda pool: PostgresJobListing(pool).count(JobFilter(**wanted)), (index,), COUNTED)


_HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)
_READY, _SCHEDULED, _RUNNING = _LIVE = JobState.READY, JobState.SCHEDULED, JobState.RUNNING
_COMPLETED, _DEAD, _CANCELLED = JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED

LOOKS = {
    "page of all": _page("finished_jobs_pkey"),
    "page of a queue": _page("finished_jobs_pkey", queue="none"),
    "later page of all": _page("jobs_pkey", deep=True),
    "page of completed": _page("finished_jobs_by_time", state=_COMPLETED),
    "page of completed of a queue and type": _page("finished_jobs_by_time", state=_COMPLETED, queue="q1", type="none"),
    "later page of completed": _page("finished_jobs_by_time", deep=True, state=_COMPLETED),
    "page of dead": _page("finished_jobs_by_state", state=_DEAD),
    "page of dead of a queue": _page("finished_jobs_dead", FEW, state=_DEAD, queue="q1"),
    "page of dead of a group": _page("finished_jobs_dead_by_kind", FEW, state=_DEAD, type="type1", error="boom"),
    "later page of dead": _page("finished_jobs_by_state", deep=True, state=_DEAD),
    "page of cancelled": _page("finished_jobs_by_state", FEW, state=_CANCELLED),
    "page of ready": _page("jobs_ready", PAGE, state=_READY),
    "later page of ready": _page("jobs_ready", PAGE, deep=True, state=_READY),
    "page of ready of a queue": _page("jobs_ready", PAGE, state=_READY, queue="q2"),
    "page of ready of a type": _page("jobs_ready", FEW, state=_READY, type="none"),
    "page of ready of a queue and type": _page("jobs_ready", FEW, state=_READY, queue="q2", type="none"),
    "page of scheduled": _page("jobs_scheduled", PAGE, state=_SCHEDULED),
    "page of scheduled of a queue": _page("jobs_scheduled", PAGE, state=_SCHEDULED, queue="q1"),
    "later page of scheduled of a queue": _page("jobs_scheduled", PAGE, deep=True, state=_SCHEDULED, queue="q1"),
    "page of running": _page("jobs_running", FEW, state=_RUNNING),
    "page of running of a worker": _page("jobs_running", FEW, state=_RUNNING, worker=1),
    "dead groups": Look(lambda pool: PostgresDeadJobs(pool).groups(), ("finished_jobs_dead_by_kind",), COUNTED),
    "dead groups of a queue": Look(lambda pool: PostgresDeadJobs(pool).groups("q1"), ("finished_jobs_dead",)),
    "queues": Look(
        lambda pool: PostgresQueueFigures(pool).queues(timedelta(minutes=5)),
        ("jobs_ready", "jobs_scheduled", "jobs_running", "finished_jobs_dead", "finished_jobs_by_time"),
        COUNTED,
    ),
    "survey": Look(
        lambda pool: Surveys(pool, Schema(), None).survey(),
        ("jobs_ready", "jobs_scheduled", "jobs_running", "finished_jobs_dead", "finished_jobs_by_time"),
        COUNTED,
    ),
    "throughput": Look(
        lambda pool: PostgresQueueFigures(pool).throughput(_HOUR_AGO, step=timedelta(minutes=1)),
        ("finished_jobs_by_time", "attempts_by_time"),
    ),
    "throughput by queue": Look(
        lambda pool: PostgresQueueFigures(pool).throughput_by_queue(_HOUR_AGO, step=timedelta(minutes=1)),
        ("finished_jobs_by_time", "attempts_by_time"),
    ),
    "job": Look(lambda pool: PostgresInspection(pool).job(JobId(500)), ("finished_jobs_pkey", "attempts_by_job"), 10),
    "workers": Look(lambda pool: PostgresInspection(pool).workers(), ("jobs_running",)),
    "count of dead of a queue": _count("finished_jobs_dead", state=_DEAD, queue="q1"),
    "count of ready": _count("jobs_ready", state=_READY),
    "count of ready of a queue": _count("jobs_ready", state=_READY, queue="q2"),
    "retry dead": _bulk("retry", "finished_jobs_by_state", STRETCH, state=_DEAD),
    "retry dead of a queue": _bulk("retry", "finished_jobs_dead", FEW, state=_DEAD, queue="q1"),
    "retry dead of a group": _bulk("retry", "finished_jobs_dead_by_kind", FEW, state=_DEAD, type="type1", error="boom"),
    "hasten scheduled": _bulk("retry", "jobs_scheduled", state=_SCHEDULED),
    "hasten scheduled of a queue": _bulk("retry", "jobs_scheduled", state=_SCHEDULED, queue="q1"),
    "cancel ready": _bulk("cancel", "jobs_ready", state=_READY),
    "cancel ready of a queue": _bulk("cancel", "jobs_ready", state=_READY, queue="q2"),
    "cancel running of a worker": _bulk("cancel", "jobs_running", state=_RUNNING, worker=1),
    "delete completed": _bulk("delete", "finished_jobs_by_time", state=_COMPLETED, finished_before=_HOUR_AGO),
    "delete ready of a queue": _bulk("delete", "jobs_ready", state=_READY, queue="q2"),
}


@pytest.fixture(scope="module")
def long_history(databases: Databases) -> Iterator[str]:
    """Yield a database with many jobs, known to the planner."""

    async def fill() -> None:
        connection = await asyncpg.connect(dsn)
        for statement in _FILL.split(";\n"):
            await connection.execute(statement)
        await connection.close()

    dsn = databases.create()
    loop = LoopApart()
    loop.run(fill)
    loop.close()
    yield dsn
    databases.drop(dsn)


@pytest.fixture
async def statements() -> list[Statement]:
    """Return where the statements of the test's pool are kept."""
    return []


@pytest.fixture
async def pool(long_history: str, statements: list[Statement]) -> AsyncIterator[Pool]:
    """Yield connections that tell what they run."""
    async with watched_pool(long_history, statements) as pool:
        yield pool


@pytest.mark.parametrize("name", LOOKS)
async def test_it_reads_a_bounded_number_of_rows(
    name: str, pool: Pool, statements: list[Statement], long_history: str
) -> None:
    """It finds them by the index that is meant for it."""
    look = LOOKS[name]
    await look.act(pool)
    used: set[str] = set()

    for statement, scan in await scans(long_history, statements):
        used.add(scan.get("Index Name", ""))
        assert rows_read(scan) <= look.rows, f"{scan}\n{statement.text}"
        assert scan["Node Type"] != "Seq Scan" or scan["Relation Name"] not in BIG, f"{scan}\n{statement.text}"

    assert set(look.indexes) <= used, f"{name} does not use {look.indexes}, but {used}"
