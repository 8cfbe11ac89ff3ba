"""Units of work on PostgreSQL."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any

import asyncpg

from adapters.postgres.driver import (
    DRIVER_ERRORS,
    AdoptedTransaction,
    Connection,
    Pool,
    PooledConnection,
    check_driver,
    may_have_committed,
)
from adapters.postgres.unit import PostgresUnit, open_unit, units
from application.jobs.open_units import PlainUnit, end
from domain.jobs import UnitOfWork, UnitOfWorkFailed

_ROLLBACK_PATIENCE = 5.0


class PostgresUnitOfWork(UnitOfWork):
    """Several statements, and the jobs enqueued between them, as one transaction.

    Give it the pool of the queue: units and queues find each other by their pool. Inside a job func it
    joins the transaction that completes the job. The isolation level is the database's default.
    """

    def __init__(self, pool: Pool) -> None:
        """Take connections from `pool`; one unit holds one connection from its begin to its end."""
        check_driver()
        self._pool = pool

    async def __aenter__(self) -> Connection:
        """Begin a transaction, or join the one that is open here; return its connection.

        Use the connection inside the block only, and by one task at a time. Savepoints work as usual,
        with `connection.transaction()`; never send begin, commit or rollback yourself. Raises asyncpg's
        errors where no transaction can be begun, and `AttemptLost` in a job func whose attempt lost its job.
        """
        unit = open_unit(self._pool)
        owned = unit is None
        if unit is None:
            unit = _PlainPostgresUnit(self._pool)
        proxy: Any = None if unit.is_busy() else unit.begun()
        if proxy is None:
            async with unit.lock:
                proxy = await unit.connection()
        units.enter(unit, owned=owned)
        connection: Connection = proxy  # not a cast, which is a call for each job
        return connection

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit or roll back as `UnitOfWork.__aexit__` promises. Raises `UnitOfWorkFailed`.

        Where the connection is lost during the commit, asyncpg's error is raised, and it is open whether
        the unit was committed.
        """
        unit = units.leave(self._pool, failed=error is not None)
        if unit is not None:
            await end(unit, failed=error is not None)


class _PlainPostgresUnit(PostgresUnit, PlainUnit):
    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._connection: PooledConnection | None = None
        self._transaction: AdoptedTransaction | None = None
        self._ended = False

    def is_open(self) -> bool:
        return not self._ended

    def begun(self) -> PooledConnection | None:
        return self._connection

    async def connection(self) -> PooledConnection:
        if self._ended:
            msg = "the unit of work has ended while this task still wrote to it"
            raise UnitOfWorkFailed(msg)
        if self._connection is None:
            connection = await self.pool.acquire()
            try:
                await connection.execute("begin")
            except BaseException:
                await self.pool.release(connection)
                raise
            self._connection, self._transaction = connection, AdoptedTransaction(connection)
        return self._connection

    async def commit(self) -> None:
        try:
            status = await self._end("commit", None)
        except asyncpg.PostgresError as error:
            if may_have_committed(error):
                raise
            msg = f"the database refused to commit the unit of work, so all of it was rolled back: {error}"
            raise UnitOfWorkFailed(msg) from error
        except asyncpg.InternalClientError as error:
            msg = "the connection was lost before the commit was sent, so the server rolled back"
            raise UnitOfWorkFailed(msg) from error
        if status != "COMMIT":
            msg = "an SQL error inside the unit of work was swallowed, so all of it was rolled back"
            raise UnitOfWorkFailed(msg)

    async def rollback(self) -> None:
        # A connection that cannot roll back any more is closed, and the server does it.
        with suppress(*DRIVER_ERRORS):
            await self._end("rollback", _ROLLBACK_PATIENCE)

    async def _end(self, statement: str, patience: float | None) -> str:
        async with self.lock:  # a task started inside may still be enqueuing
            self._ended = True
            connection, transaction = self._connection, self._transaction
            self._connection = self._transaction = None
            if connection is None or transaction is None:
                msg = "the unit of work has ended already"
                raise UnitOfWorkFailed(msg)
            transaction.ended()
            try:
                async with asyncio.timeout(patience):
                    return await connection.execute(statement)
            except TimeoutError:
                connection.terminate()
                raise
            finally:
                # A session that ends right after the commit must not make it look failed.
                with suppress(*DRIVER_ERRORS):
                    await self.pool.release(connection)
