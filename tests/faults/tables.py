"""What the database says in the end."""

from dataclasses import dataclass, field

from adapters.postgres.driver import Pool

EFFECTS = "create table if not exists effects (name text not null, attempt integer not null, worker integer not null)"
"""No constraint keeps an effect from being there twice: the queue has to."""

_JOBS = """
select id, payload->>'name' as name, state, attempt, (payload->>'writes')::boolean as writes,
       payload->>'follow_up' as follow_up
from (select id, payload, state, attempt, type from arrower.jobs
      union all select id, payload, state, attempt, type from arrower.finished_jobs) as job
where type = 'act'"""

_ATTEMPTS = """
select payload->>'name' as name, ended.attempt, ended.outcome
from arrower.attempts as ended
join (select id, payload from arrower.jobs union all select id, payload from arrower.finished_jobs) as job
  on job.id = ended.job_id
where payload->>'name' is not null"""


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A row of `jobs` or of `finished_jobs`."""

    id: int
    name: str
    state: str
    attempt: int
    writes: bool = True
    follow_up: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """A row of `attempts`: one that did not complete its job."""

    name: str
    attempt: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Effect:
    """A row that a job func wrote through its unit of work."""

    name: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Tables:
    """All that is committed."""

    jobs: list[StoredJob] = field(default_factory=list)
    attempts: list[StoredAttempt] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


async def read_tables(pool: Pool) -> Tables:
    """Read everything from one snapshot."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
        return Tables(
            [StoredJob(**row) for row in await connection.fetch(_JOBS)],
            [StoredAttempt(**row) for row in await connection.fetch(_ATTEMPTS)],
            [Effect(**row) for row in await connection.fetch("select name, attempt from effects")],
        )
