"""The transaction of one attempt: begun late, fenced first, committed together with the job."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import asyncpg

from adapters.postgres.driver import (
    DRIVER_ERRORS,
    AdoptedTransaction,
    JobConnection,
    Pool,
    PooledConnection,
    may_have_committed,
)
from adapters.postgres.fencing import Fencing
from adapters.postgres.job_connections import JobConnections
from adapters.postgres.patience import PATIENCE_FOR_COMMIT, patiently
from adapters.postgres.unit import PostgresUnit, units
from application.jobs.job_store import AttemptTransaction, ClaimedJob, EndedAttempt
from domain.jobs import AttemptLost, UnitOfWorkFailed

_ROLLBACK_PATIENCE = 5.0


class PostgresAttemptTransaction(PostgresUnit, AttemptTransaction):
    """Holds no connection before the job func writes, and the job's row from then on."""

    def __init__(self, pool: Pool, connections: JobConnections, fencing: Fencing, jobs: Sequence[ClaimedJob]) -> None:
        super().__init__(pool)
        self._connections = connections
        self._fencing = fencing
        self._jobs = jobs
        self._closed = False
        self._connection: JobConnection | None = None
        self._transaction: AdoptedTransaction | None = None

    def enter(self) -> None:
        units.begin_attempt(self)

    def is_open(self) -> bool:
        if self._closed:
            raise self._lost()
        return True

    async def connection(self) -> PooledConnection:
        self.is_open()
        if self._connection is None:
            connection = await self._connections.acquire()
            try:
                self.is_open()  # it may have ended while it waited for a connection
                owned = await patiently(connection, self._fencing.begin(connection, self._jobs))
                if not owned or self._closed:
                    await connection.execute("rollback")
                    raise self._lost()  # noqa: TRY301  # one way to release for all
            except BaseException:
                await self._connections.release(connection, reset=False)
                raise
            self._connection, self._transaction = connection, AdoptedTransaction(connection)
        return self._connection

    def close(self) -> bool:
        self._closed = True
        return self._connection is not None

    async def commit(self, *ended: EndedAttempt) -> None:
        async with self.lock:  # a task that the job func left behind may still be enqueuing
            connection = self._connection
            if connection is None:
                msg = "the job's transaction has not begun"
                raise UnitOfWorkFailed(msg)
            try:
                await self._commit(connection, ended)
            except DRIVER_ERRORS as error:
                session_ended = connection.is_closed() or may_have_committed(error)
                if not (session_ended and await self._fencing.completed(self.pool, self._jobs)):
                    raise
                await self._leave(connection, reset=False)
                return
            await self._leave(connection, reset=True)

    async def _commit(self, connection: JobConnection, ended: Sequence[EndedAttempt]) -> None:
        if self.doomed or not connection.is_in_transaction():
            msg = "the job's transaction was ended, or a block inside it failed, before the job func returned"
            raise UnitOfWorkFailed(msg)
        try:
            commit = self._fencing.complete_and_commit(connection, ended)
            await patiently(connection, commit, PATIENCE_FOR_COMMIT)
        except asyncpg.InFailedSQLTransactionError as error:
            msg = "an SQL error in the job func was swallowed: its transaction could only be rolled back"
            raise UnitOfWorkFailed(msg) from error

    async def rollback(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            async with asyncio.timeout(_ROLLBACK_PATIENCE), self.lock:
                await connection.execute("rollback")
        except DRIVER_ERRORS:
            with suppress(asyncpg.InterfaceError):  # the pool may have dropped it already
                connection.terminate()
        await self._leave(connection, reset=False)

    def _lost(self) -> AttemptLost:
        return AttemptLost(self._jobs[0].id, self._jobs[0].attempt)

    async def _leave(self, connection: JobConnection, *, reset: bool) -> None:
        self._connection = None
        if self._transaction is not None:
            self._transaction.ended()
        await self._connections.release(connection, reset=reset)
