"""Where faults happen: a database, a ledger, producers, workers, and the checker in the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from adapters.postgres import PostgresOperations, PostgresQueue, PostgresUnitOfWork, postgres_control_room
from adapters.postgres.driver import DRIVER_ERRORS, Pool
from application.jobs.acting import Retention
from domain.jobs import EnqueueFailed, JobId, JobNotFound, UnitOfWorkFailed, WrongJobState
from infrastructure.embedded_postgres import EmbeddedPostgres, StopMode
from tests.faults.act import Act
from tests.faults.checker import Evidence, violations
from tests.faults.crew import Crew
from tests.faults.history import CalledOff, Deleted, Enqueued, History, HistoryReader, Ledger, Outcome
from tests.faults.tables import EFFECTS, read_tables
from tests.faults.worker_process import MAX_ATTEMPTS, Plan
from tests.worlds.deadline import PATIENCE, eventually

_OWN = "the test"
_ID = """
select id from arrower.jobs where payload->>'name' = $1
union all select id from arrower.finished_jobs where payload->>'name' = $1"""
_ALIVE = "select count(*) from arrower.workers where died_at is null and left_at is null"
_ALARMS = ("never retrieved", "never awaited", "failed to end an attempt")
_MISTAKES = ("TypeError", "AttributeError", "NameError", "LookupError", "KeyError", "IndexError", "AssertionError")


class Scene:
    """Everything a fault test needs. The pool is the test's own: it never goes through a proxy."""

    def __init__(self, dsn: str, pool: Pool, folder: Path) -> None:
        self.dsn = dsn
        self.pool = pool
        self._reader = HistoryReader(folder)
        self.ledger = Ledger(folder)
        self.crew = Crew(Plan(dsn, str(folder)), folder)

    @property
    def history(self) -> History:
        """What was written down so far."""
        return self._reader.read()

    async def enqueue(self, *jobs: Act, run_at: datetime | None = None) -> None:
        """Enqueue in one call, and write down that it was committed."""
        await PostgresQueue(self.pool).enqueue(list(jobs), run_at=run_at)
        self._write(jobs, Outcome.COMMITTED, run_at)

    async def roll_back(self, *jobs: Act) -> None:
        """Enqueue in a unit of work that fails."""
        try:
            async with PostgresUnitOfWork(self.pool):
                await PostgresQueue(self.pool).enqueue(list(jobs))
                raise _ChangedMindError
        except _ChangedMindError:
            self._write(jobs, Outcome.ROLLED_BACK)

    async def delete(self, name: str) -> bool:
        """Delete a job by hand, and write it down. False: it runs, or is gone."""
        try:
            await PostgresOperations(self.pool).delete(await self._id_of(name))
        except (JobNotFound, WrongJobState):
            return False
        self.ledger.write(Deleted(name))
        return True

    async def cancel(self, name: str) -> bool:
        """Cancel a job by hand, also one that runs, and write it down. False: it has ended, or is gone."""
        try:
            await PostgresOperations(self.pool).cancel(await self._id_of(name))
        except (JobNotFound, WrongJobState):
            return False
        self.ledger.write(CalledOff(name))
        return True

    async def prune(self) -> int:
        """Forget what has ended, the dead apart; return how many jobs that were."""
        return await postgres_control_room(self.pool).prune(Retention(timedelta(0)))

    async def _id_of(self, name: str) -> JobId:
        return JobId(await self.pool.fetchval(_ID, name) or 0)

    async def produce(self, pool: Pool, job: Act) -> Outcome:
        """Enqueue in a unit of work, over connections that may fail at any moment, and write down what is known."""
        outcome = Outcome.ROLLED_BACK
        try:
            async with PostgresUnitOfWork(pool):
                await PostgresQueue(pool).enqueue(job)
                outcome = Outcome.UNKNOWN
            outcome = Outcome.COMMITTED
        except UnitOfWorkFailed:
            outcome = Outcome.ROLLED_BACK
        except (*DRIVER_ERRORS, EnqueueFailed):
            pass
        self._write([job], outcome)
        return outcome

    async def produce_alone(self, pool: Pool, job: Act) -> Outcome:
        """Enqueue outside any unit of work: where the answer is lost, nobody knows."""
        outcome = Outcome.COMMITTED
        try:
            await PostgresQueue(pool).enqueue(job)
        except EnqueueFailed:
            outcome = Outcome.UNKNOWN
        self._write([job], outcome)
        return outcome

    async def done(self, patience: float = 60.0) -> None:
        """Wait until nothing waits or runs any more."""
        await self.sees(lambda left: left == 0, "select count(*) from arrower.jobs", patience)

    async def is_done(self) -> bool:
        """Tell whether nothing waits or runs any more."""
        return bool(await self.pool.fetchval("select not exists (select from arrower.jobs)"))

    async def sees(self, condition: Callable[[Any], bool], query: str, patience: float = PATIENCE) -> None:
        """Wait until a query has the right answer. A server that is away has none."""
        answer: object = None

        async def is_so() -> bool:
            nonlocal answer
            try:
                answer = await self.pool.fetchval(query, timeout=5)
            except DRIVER_ERRORS as error:
                answer = error
                return False
            return condition(answer)

        def seen() -> str:
            logs = "\n".join(worker.log[-3_000:] for worker in self.crew.workers)
            return f"{query}: {answer!r}\n{logs}"

        await eventually(is_so, seen, patience)

    async def has_workers(self, number: int) -> None:
        """Wait until so many workers are there: processes that start together can be seconds apart."""
        await self.sees(lambda alive: alive == number, _ALIVE)

    async def begins(self, name: str, times: int = 1) -> int:
        """Wait until a job func was called for a job so many times; return the process that called it last."""
        await eventually(lambda: len(self._workers_of(name)) >= times, lambda: self._workers_of(name))
        return self._workers_of(name)[-1]

    async def writes(self, name: str) -> int:
        """Wait until an effect is written, not committed; return the process."""
        await eventually(lambda: any(event.name == name for event in self.history.wrote))
        return next(event.worker for event in self.history.wrote if event.name == name)

    async def check(self, **known: Any) -> None:
        """Prove that nothing was lost and nothing happened twice."""
        evidence = Evidence(self.history, await read_tables(self.pool), **{"max_attempts": MAX_ATTEMPTS, **known})
        found = [*violations(evidence), *await self._mistakes()]
        assert found == [], "\n".join([*found, *(worker.log[-3_000:] for worker in self.crew.workers)])

    async def states(self) -> dict[str, str]:
        """Return the state of each job by its name."""
        return {job.name: job.state for job in (await read_tables(self.pool)).jobs}

    async def _mistakes(self) -> list[str]:
        """Return errors that no fault brings about, and no job func of ours raises."""
        errors = await self.pool.fetch("select distinct error from arrower.attempts order by 1")
        logged = "\n".join(worker.log for worker in self.crew.workers)
        return [
            *(row["error"] for row in errors if row["error"].startswith(_MISTAKES)),
            *(f"logged: {text}" for text in _ALARMS if text in logged),
            *(hurried for worker in self.crew.workers for hurried in worker.hurried),
        ]

    def _workers_of(self, name: str) -> list[int]:
        return [event.worker for event in self.history.began if event.name == name]

    def _write(self, jobs: Sequence[Act], outcome: Outcome, run_at: datetime | None = None) -> None:
        for job in jobs:
            self.ledger.write(Enqueued(job.name, outcome, 0.0 if run_at is None else run_at.timestamp()))


class _ChangedMindError(Exception):
    pass


class ServerScene(Scene):
    """A scene on a server of the test's own."""

    server: EmbeddedPostgres
    tcp_dsn: str

    async def restart(self, mode: StopMode) -> None:
        """Stop the server, and start it again."""
        await asyncio.to_thread(self.server.stop, mode)
        await asyncio.to_thread(self.server.start)

    async def end_sessions(self, condition: str = "true") -> int:
        """Terminate all sessions but the test's own; return how many there were."""
        ended = await self.pool.fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            f" and application_name <> '{_OWN}' and {condition}",
        )
        return len(ended)

    async def configure(self, setting: str) -> None:
        """Change a setting of the database, for the sessions to come."""
        database = urlsplit(self.dsn).path.removeprefix("/")
        await self.pool.execute(f'alter database "{database}" {setting}')


SceneT = TypeVar("SceneT", bound=Scene)


@asynccontextmanager
async def open_scene(kind: type[SceneT], dsn: str, folder: Path) -> AsyncIterator[SceneT]:
    """Open a scene in a migrated database; nothing of it is left in the end."""
    own = {"application_name": _OWN}
    async with asyncpg.create_pool(dsn, min_size=0, max_size=5, server_settings=own) as pool:
        await pool.execute(EFFECTS)
        scene = kind(dsn, pool, folder)
        try:
            yield scene
        finally:
            scene.crew.end()
            scene.ledger.close()
