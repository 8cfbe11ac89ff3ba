"""Filling and counting the tables of Arrower: the only place here that knows them."""

from typing import Final

from adapters.postgres.driver import Connection
from tests.benchmarks.database import Database
from tests.benchmarks.systems.system import Tally

RECEIPT: Final = "send_receipt"
FIRST_PRIORITY: Final = -32_768

# The text is the one the payloads adapter writes for the job of programs/jobs.py.
_PAYLOAD = """format('{"number":%s,"order_id":"%s","amount":"12.50"}', n, md5(n::text)::uuid)::json"""

_READY = f"""
insert into arrower.jobs (queue, type, payload)
select $3, $4, {_PAYLOAD} from generate_series($1::bigint, $2::bigint - 1) as n"""

_SPREAD = f"""
insert into arrower.jobs (queue, type, payload)
select 'queue ' || $2::bigint + n % $3::bigint, $4, {_PAYLOAD} from generate_series(0, $1::bigint - 1) as n"""

_FUTURE = f"""
insert into arrower.jobs (queue, type, payload, priority, state, run_at)
select '', $3, {_PAYLOAD}, $2, 'scheduled', now() + interval '1 day' + n * interval '1 millisecond'
from generate_series(1, $1::bigint) as n"""

_DUE = """
insert into arrower.jobs (queue, type, payload, state, run_at)
select '', 'send_reminder', json_build_object('number', n, 'due', $1 + n * $2::bigint), 'scheduled',
       timestamptz 'epoch' + ($1 + n * $2::bigint) * interval '1 microsecond'
from generate_series(0, $3::bigint - 1) as n"""

_FINISHED = f"""
insert into arrower.finished_jobs
    (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues,
     enqueued_at, started_at, finished_at)
select -n, '', $3, {_PAYLOAD}, 0, now(), $2, 1, 1, 0, now(), now(), now()
from generate_series($4::bigint, $4::bigint + $1::bigint - 1) as n"""

_CLAIMED = f"""
insert into arrower.jobs (id, queue, type, payload, state, attempt, fence, claimed_at)
select n + 1, '', $2, {_PAYLOAD}, 'running', 1, 1, now() from generate_series(0, $1::bigint - 1) as n"""

_ANY_RUNNING = "select exists (select from arrower.jobs where state = 'running')"
_TALLY = """
select (select count(*) from arrower.finished_jobs where state = 'completed' and id > 0),
       (select count(*) from arrower.jobs)"""


async def ready(database: Database, jobs: int, *, queue: str = "", job_type: str = RECEIPT) -> None:
    """Insert jobs that are ready, numbered from 0."""
    await _insert(database, _READY, 0, jobs, queue, job_type)


async def ready_in_queues(database: Database, jobs: int, first: int, queues: int) -> None:
    """Insert ready jobs in turn into so many queues, named `queue 20` and so on where 20 is the first."""
    await _insert(database, _SPREAD, jobs, first, queues, RECEIPT)


async def future(database: Database, jobs: int, *, priority: int = FIRST_PRIORITY) -> None:
    """Insert jobs that are not due before tomorrow."""
    await _insert(database, _FUTURE, jobs, priority, RECEIPT)


async def due(database: Database, jobs: int, first: int, interval: int) -> None:
    """Insert reminders that are due one after the other; times are microseconds, the first since 1970."""
    await _insert(database, _DUE, first, interval, jobs)


async def finished(database: Database, jobs: int, state: str, first: int = 1) -> None:
    """Insert finished jobs, with negative ids from `-first` on, which `tally` does not count."""
    await _insert(database, _FINISHED, jobs, state, RECEIPT, first)


async def claimed(database: Database, jobs: int) -> None:
    """Insert jobs with the ids from 1 that an attempt owns, its fence being 1."""
    await _insert(database, _CLAIMED, jobs, RECEIPT)


async def any_running(connection: Connection) -> bool:
    """Tell whether an attempt has not ended, by the small index that knows."""
    return bool(await connection.fetchval(_ANY_RUNNING))


async def tally(connection: Connection) -> Tally:
    """Count the jobs that were completed in this run, and those that have not ended."""
    row = await connection.fetchrow(_TALLY)
    return Tally(*row) if row is not None else Tally(None, 0)


async def _insert(database: Database, statement: str, *arguments: object) -> None:
    connection = await database.connect()
    try:
        await connection.execute(statement, *arguments)
    finally:
        await connection.close()
