"""The transaction of one attempt: begun late, fenced first, committed together with the job."""

import asyncio
import time
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
from adapters.postgres.job_connections import BegunAhead, JobConnections
from adapters.postgres.patience import PATIENCE, PATIENCE_FOR_COMMIT
from adapters.postgres.unit import PostgresUnit, units
from application.jobs.job_store import AttemptTransaction, ClaimedJob, EndedAttempt
from domain.jobs import AttemptLost, UnitOfWorkFailed

_ROLLBACK_PATIENCE = 5.0
_AT_ONCE = 0.001
"""Seconds within which a job func begins to write that has nothing else to do before."""


class PostgresAttemptTransaction(PostgresUnit, AttemptTransaction, BegunAhead):
    """Holds no connection before the job func writes, and the job's row from then on.

    Where the job func of the attempt before began to write at once, and this one is of the same kind, it begins
    ahead of that: in the round trip that commits the one before.
    """

    # Most transactions never begin, so what only those need that do begin is not set for each.
    _closed = False
    _used = False
    _at_once = False
    _connection: JobConnection | None = None
    _transaction: AdoptedTransaction | None = None

    def __init__(self, pool: Pool, connections: JobConnections, fencing: Fencing, jobs: Sequence[ClaimedJob]) -> None:
        super().__init__(pool)
        self._connections = connections
        self._fencing = fencing
        self.jobs = jobs

    def enter(self) -> None:
        units.begin_attempt(self)
        self._entered_at = time.monotonic()

    def is_open(self) -> bool:
        if self._closed:
            raise self._lost()
        return True

    def begun(self) -> PooledConnection | None:
        if not self._used:
            self._used = True
            self._at_once = time.monotonic() - self._entered_at < _AT_ONCE
            self._connections.used(self)
        return self._connection

    async def connection(self) -> PooledConnection:
        self.is_open()
        connection = self.begun()
        if connection is None:
            connection = await self._begin()
            self.adopt(connection, AdoptedTransaction(connection))
        return connection

    def adopt(self, connection: JobConnection, transaction: AdoptedTransaction) -> None:
        """Go on in the transaction that has begun on this connection, with our fence."""
        self._connection, self._transaction = connection, transaction

    async def give_back_unused(self) -> None:
        async with self.lock:
            connection = self._connection
            self._connections.used(self)
            if connection is not None and not (self._used or self._closed):
                await self._give_up(connection)

    def close(self) -> bool:
        self._closed = True
        return self._connection is not None

    async def commit(self, *ended: EndedAttempt, heir: AttemptTransaction | None = None) -> None:
        if self.is_busy():
            async with self.lock:  # a task that the job func left behind is still enqueuing
                pass  # and no other begins, because this is closed
        connection, transaction = self._connection, self._transaction
        if connection is None or transaction is None:
            msg = "the job's transaction has not begun"
            raise UnitOfWorkFailed(msg)
        follower = self._follower(connection, heir)
        try:
            begun = await self._commit(connection, ended, follower)
        except DRIVER_ERRORS as error:
            in_doubt = follower is not None or connection.is_closed() or may_have_committed(error)
            if not in_doubt:
                raise
            await self._give_up(connection)  # first: the question takes one from the pool, which may have no other
            if not await self._fencing.completed(self.pool, self.jobs):
                raise
            return
        if follower is None:
            await self._leave(connection, reset=True)
        elif begun:
            self._connection = self._transaction = None
            follower.adopt(self._connections.pass_on(connection, follower), transaction)
        else:
            await self._give_up(connection)

    def _follower(
        self,
        connection: JobConnection,
        heir: AttemptTransaction | None,
    ) -> "PostgresAttemptTransaction | None":
        """Return the heir where its job func is likely to write as soon as it runs, as this one did."""
        if not (self._at_once and isinstance(heir, PostgresAttemptTransaction) and self._fencing.own_sessions):
            return None
        return heir if self._connections.may_pass_on(connection) else None

    async def _commit(
        self,
        connection: JobConnection,
        ended: Sequence[EndedAttempt],
        follower: "PostgresAttemptTransaction | None",
    ) -> bool:
        """Commit; tell whether the follower has begun."""
        if self.doomed or not connection.bare.is_in_transaction():
            msg = "the job's transaction was ended, or a block inside it failed, before the job func returned"
            raise UnitOfWorkFailed(msg)
        following = None if follower is None else follower.jobs[0]
        commit = self._fencing.complete_and_commit(connection, ended, following)
        try:
            return await self._connections.deadlines.within(PATIENCE_FOR_COMMIT, connection, commit)
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

    async def _give_up(self, connection: JobConnection) -> None:
        """Roll back what is open on the connection, and let the pool have it."""
        self._let_go()
        try:
            await self._connections.deadlines.within(_ROLLBACK_PATIENCE, connection, connection.execute("rollback"))
        except DRIVER_ERRORS:
            with suppress(asyncpg.InterfaceError):
                connection.terminate()
        await self._connections.release(connection, reset=False)

    def _lost(self) -> AttemptLost:
        return AttemptLost(self.jobs[0].id, self.jobs[0].attempt)

    async def _leave(self, connection: JobConnection, *, reset: bool) -> None:
        self._let_go()
        await self._connections.release(connection, reset=reset)

    def _let_go(self) -> None:
        self._connection = None
        self._connections.used(self)
        if self._transaction is not None:
            self._transaction.ended()

    async def _begin(self) -> JobConnection:
        connection = await self._connections.acquire()
        try:
            self.is_open()  # it may have ended while it waited for a connection
            begin = self._fencing.begin(connection, self.jobs)
            owned = await self._connections.deadlines.within(PATIENCE, connection, begin)
            if not owned or self._closed:
                await connection.execute("rollback")
                raise self._lost()  # noqa: TRY301  # one way to release for all
        except BaseException:
            await self._connections.release(connection, reset=False)
            raise
        return connection
