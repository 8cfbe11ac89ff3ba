"""The fence: the first statement of an attempt's transaction, and the last one together with its commit.

The fence locks the job's row if this attempt still owns it, so until the transaction ends nobody can
give the job to somebody else. The completion is sent together with the commit, so that the end of the
attempt is known when it is written, and both cost one round trip. (A completion written first, by the
fence itself, would save a row lock but not know how long the job took.)
"""

from collections.abc import Sequence

import asyncpg

from adapters.postgres.driver import JobConnection, Pool
from adapters.postgres.patience import on_pool
from adapters.postgres.schema import Schema
from adapters.postgres.settlements import COMPLETE, COMPLETED, columns_of
from application.jobs.job_store import ClaimedJob, EndedAttempt
from domain.jobs import AttemptLost

FENCE = """
select 1 from {schema}.jobs where id = $1 and fence = $2 and state = 'running' for update"""

# Together with a commit, whose answer must not wait for whoever looks into the next job's row. This transaction begins
# with the reset of the session, so it has the isolation that the attempt before may have set for those to come.
_FENCE_AHEAD = """
select 1 from {schema}.jobs where id = $1 and fence = $2 and state = 'running'
  and current_setting('transaction_isolation') = current_setting('default_transaction_isolation')
for update skip locked"""

COMPLETE_ONE = """
with ended as (
    delete from {schema}.jobs where id = $1 and fence = $2 and state = 'running' returning *
)
insert into {schema}.finished_jobs ({moved}, state, rescues, started_at, finished_at)
select {moved}, 'completed', rescues,
       to_timestamp($3::bigint / 1e6::float8), to_timestamp($4::bigint / 1e6::float8)
from ended"""


FENCE_BATCH = """
select count(*)
from unnest($1::bigint[], $2::integer[]) as held (id, fence)
cross join lateral (
    select 1 from {schema}.jobs where id = held.id and fence = held.fence and state = 'running' for update
) as job"""

_OWNED = """
select count(*)
from {schema}.jobs as job join unnest($1::bigint[], $2::integer[]) as held (id, fence)
    on job.id = held.id and job.fence = held.fence
where job.state = 'running'"""

_UNLOCK = "SELECT pg_advisory_unlock_all()"
"""As asyncpg writes it in what the pool sends to reset a session."""


class Fencing:
    """Begins and commits the transactions of attempts, in one round trip each.

    `begin` and the fence travel in one simple query, which takes no parameters; so the statements are
    prepared by name in each session, and executed with numbers and instants written out. Behind a
    transaction pooler a session changes under our hands: there, and for batches, the statements take
    parameters, at the price of a round trip more at either end.
    """

    def __init__(self, schema: Schema, *, own_sessions: bool) -> None:
        self.own_sessions = own_sessions
        """Whether statements can be prepared, and the next attempt begun in the round trip that commits this one."""
        suffix = format(schema.key & 0xFFFFFFFF, "08x")
        self._fence = f"arrower_fence_{suffix}"
        self._fence_ahead = f"arrower_fence_ahead_{suffix}"
        self._complete = f"arrower_complete_{suffix}"
        self._unlock = f"arrower_unlock_{suffix}"
        self._fence_batch = schema.sql(FENCE_BATCH)
        self._complete_batch = schema.sql(COMPLETE)
        self._completed = schema.sql(COMPLETED)
        self._owned = schema.sql(_OWNED)
        self._prepare = (
            f"prepare {self._fence} (bigint, integer) as {schema.sql(FENCE)};"
            f"prepare {self._fence_ahead} (bigint, integer) as {schema.sql(_FENCE_AHEAD)};"
            f"prepare {self._complete} (bigint, integer, bigint, bigint) as {schema.sql(COMPLETE_ONE)};"
            f"prepare {self._unlock} as {_UNLOCK}"
        )

    async def begin(self, connection: JobConnection, jobs: Sequence[ClaimedJob]) -> bool:
        """Begin, and lock the jobs for this attempt. False: it lost one of them, and must roll back."""
        if len(jobs) > 1 or not self.own_sessions:
            await connection.execute("begin")
            ids, fences = [job.id for job in jobs], [job.fence for job in jobs]
            locked: int = await connection.fetchval(self._fence_batch, ids, fences)
            return locked == len(jobs)
        return await self._begin_one(connection, jobs[0])

    async def _begin_one(self, connection: JobConnection, job: ClaimedJob) -> bool:
        statement = f"begin; execute {self._fence} ({_named(job)})"
        try:
            status = await connection.bare.execute(statement)
        except asyncpg.InvalidSQLStatementNameError:
            # A session that has not seen the statements yet, or was told to forget them.
            await connection.execute("rollback")
            await connection.execute(self._prepare)
            status = await connection.execute(statement)
        return status == "SELECT 1"

    async def complete_and_commit(
        self,
        connection: JobConnection,
        ended: Sequence[EndedAttempt],
        following: ClaimedJob | None = None,
    ) -> bool:
        """Complete the jobs, commit, and reset the session, as the pool would do on the connection's return.

        In a transaction that an error has aborted, the completion is refused, so the commit is not reached.
        With a `following` job its transaction is begun, too: True means that it was, and is fenced.
        """
        if len(ended) > 1 or not self.own_sessions:
            await connection.execute(self._complete_batch, *columns_of(ended))
            await connection.execute("commit; " + connection.get_reset_query())
            return False
        # Prepared where it is the slowest part, which is planned for each job otherwise.
        reset = connection.bare.get_reset_query().replace(f"{_UNLOCK};", f"execute {self._unlock};")
        statements = f"{self._completion(ended[0])}; commit; {reset}"
        if following is None:
            await connection.bare.execute(statements)
            return False
        begin = f"begin; execute {self._fence_ahead} ({_named(following)})"
        return await connection.bare.execute(f"{statements} {begin}") == "SELECT 1"

    def _completion(self, ended: EndedAttempt) -> str:
        times = f"'{int(ended.started_at)}', '{int(ended.finished_at)}'"
        return f"execute {self._complete} ({_named(ended.job)}, {times})"

    async def completed(self, pool: Pool, jobs: Sequence[ClaimedJob]) -> bool:
        """Find out what became of a commit whose answer did not arrive. False: it did not happen.

        Raises `AttemptLost` where the jobs are not ours any more.
        """
        ids, fences = [job.id for job in jobs], [job.fence for job in jobs]
        completed = await on_pool(pool, lambda connection: connection.fetch(self._completed, ids, fences))
        if len(completed) == len(jobs):
            return True
        if await on_pool(pool, lambda connection: connection.fetchval(self._owned, ids, fences)) < len(jobs):
            raise AttemptLost(jobs[0].id, jobs[0].attempt)
        return False


def _named(job: ClaimedJob) -> str:
    # The quotes make the id a bigint at once; a plain number is an integer, which a cast then makes one for each job.
    return f"'{int(job.id)}', {int(job.fence)}"
