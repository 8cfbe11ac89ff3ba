"""The connection of a process beside its pool: it listens, claims, and its session shows the process lives."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import TypeVar
from weakref import WeakValueDictionary

from adapters.postgres.driver import NOT_MIGRATED, Connection, Pool, connect_beside
from adapters.postgres.resumption import START, Resumption
from adapters.postgres.schema import Schema
from application.jobs.job_store import PoolSignals, WorkerId
from domain.jobs import QueueNotMigrated

_PATIENCE = 15.0
"""Seconds for one piece of work. Longer means that the server or the way to it hangs."""

_LOCK = "select pg_try_advisory_lock($1, $2)"

_IDENTIFY = "select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()"

# What the lost session was doing must have ended, one way or the other, before anybody asks what it did.
_END_PREDECESSOR = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity where pid = $1 and backend_start = $2"""

logger = logging.getLogger("arrower.postgres")
ResultT = TypeVar("ResultT")


class ControlConnection:
    """One for all queues of a process that share a pool and a schema; reconnects when it is lost.

    Where a transaction pooler stands in between, neither notifications nor session locks work: then it
    does without, and polling and heartbeats are all there is.
    """

    def __init__(self, pool: Pool, schema: Schema) -> None:
        self._pool = pool
        self._schema = schema
        self._connection: Connection | None = None
        self._lock = asyncio.Lock()
        self._subscribers: defaultdict[str, set[PoolSignals]] = defaultdict(set)
        self._resumptions: defaultdict[str, set[Resumption]] = defaultdict(set)
        self._workers: set[WorkerId] = set()
        self._unlocked: set[WorkerId] = set()
        self._session: tuple[int, datetime] | None = None
        self._users = 0
        self.direct = True
        """Whether the session is ours alone."""

    def join(self) -> None:
        """Count one more queue that uses it."""
        self._users += 1

    async def leave(self) -> None:
        """Count one less. The last one closes it; who comes later gets another."""
        self._users -= 1
        if not self._users:
            _controls.pop((self._pool, self._schema), None)
            await self.close()

    def subscribe(self, queue: str, pool: PoolSignals, resumption: Resumption) -> None:
        """Signal what is heard about a queue, and let its next claim look where it was heard of."""
        self._subscribers[queue].add(pool)
        self._resumptions[queue].add(resumption)

    def unsubscribe(self, queue: str, pool: PoolSignals, resumption: Resumption) -> None:
        """Stop signalling."""
        self._subscribers[queue].discard(pool)
        self._resumptions[queue].discard(resumption)

    def signal_ready(self, queue: str) -> None:
        """Tell the pools of this process, without waiting for the notification."""
        for pool in tuple(self._subscribers[queue]):
            pool.jobs_ready()

    def signal_scheduled(self, queue: str) -> None:
        """Tell the pools of this process, without waiting for the notification."""
        for pool in tuple(self._subscribers[queue]):
            pool.jobs_scheduled()

    def hold(self, worker: WorkerId, *, is_locked: bool) -> None:
        """Keep this worker locked in the session, also after a reconnect, to show that it lives."""
        self._workers.add(worker)
        if not is_locked:
            self._unlocked.add(worker)

    def forget(self, worker: WorkerId) -> None:
        """Lock it no more after the next reconnect."""
        self._workers.discard(worker)
        self._unlocked.discard(worker)

    async def run(self, work: Callable[[Connection], Awaitable[ResultT]]) -> ResultT:
        """Do one piece of work on the connection, after others that are waiting.

        Raises asyncpg's errors, `QueueNotMigrated` where the tables do not fit this code, and `TimeoutError`
        where the server does not answer; the connection is then given up, and the next work opens another.
        """
        async with self._lock:
            try:
                async with asyncio.timeout(_PATIENCE):
                    connection = await self._connected()
                    return await work(connection)
            except TimeoutError as error:
                if self._connection is not None:
                    self._connection.terminate()
                msg = f"the server did not answer within {_PATIENCE:g} s"
                raise TimeoutError(msg) from error
            except NOT_MIGRATED as error:
                raise QueueNotMigrated(str(error)) from error

    async def session_pid(self) -> int | None:
        """Return the server's process that holds the locks, or None where there are none."""

        async def ask(connection: Connection) -> int | None:
            return connection.get_server_pid() if self.direct else None

        return await self.run(ask)

    async def close(self) -> None:
        """Close the connection; the next work opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.remove_termination_listener(self._lost)
            await connection.close(timeout=_PATIENCE)

    async def _connected(self) -> Connection:
        connection = self._connection
        if connection is None or connection.is_closed():
            reconnected = connection is not None
            self._connection = None
            self._connection = connection = await self._connect()
            self._unlocked = set(self._workers)
            if reconnected:
                logger.warning("the connection for listening and claiming is back")
                self._signal_all()
        if self._unlocked and self.direct:
            await self._lock_workers(connection)
        return connection

    async def _connect(self) -> Connection:
        connection = await connect_beside(self._pool)
        try:
            row = await connection.fetchrow(_IDENTIFY)
            # A pooler makes up the process id it tells at the start of a connection.
            self.direct = row is not None and connection.get_server_pid() == row[0]
            if self.direct and row is not None:
                if self._session is not None:
                    await connection.execute(_END_PREDECESSOR, *self._session)
                self._session = (row[0], row[1])
                await connection.execute("set default_transaction_isolation = 'read committed'")
                await connection.add_listener(self._schema.channel, self._heard)
            else:
                logger.warning(
                    "a pooler stands before the database: no notifications and no session locks, "
                    "so new jobs are found by polling and dead workers by their lease",
                )
            connection.add_termination_listener(self._lost)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _lock_workers(self, connection: Connection) -> None:
        # After a cut the server may keep the old session, and its locks, for a while: so try again.
        for worker in tuple(self._unlocked):
            if await connection.fetchval(_LOCK, self._schema.key, lock_number(worker)):
                self._unlocked.discard(worker)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        # See notify_enqueued in the migrations for the format. Anybody may notify anything.
        kind, _, rest = str(payload).partition(":")
        priority, _, queue = rest.partition(":")
        if queue not in self._subscribers:
            return
        if kind == "r":
            for resumption in self._resumptions[queue]:
                resumption.heard(_priority(priority))
            self.signal_ready(queue)
        elif kind == "c":
            for pool in tuple(self._subscribers[queue]):
                pool.jobs_called_off()
        else:
            self.signal_scheduled(queue)

    def _lost(self, _connection: object) -> None:
        logger.warning("the connection for listening and claiming was lost")
        self._signal_all()

    def _signal_all(self) -> None:
        for resumption in _each(self._resumptions.values()):
            resumption.heard(START.priority)  # of anything, for all that is known
        for pool in _each(self._subscribers.values()):
            pool.look_again()


def _each(groups: Iterable[set[ResultT]]) -> list[ResultT]:
    return [member for group in groups for member in group]


def _priority(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return START.priority


def lock_number(worker: WorkerId) -> int:
    """Return the number that stands for a worker in the lock, which takes 32 bits."""
    return worker & 0x7FFFFFFF


_controls: WeakValueDictionary[tuple[Pool, Schema], ControlConnection] = WeakValueDictionary()
"""What is in use. The pool itself is the key, not a number that another one may have after it; its loop is its own."""


def share_control(pool: Pool, schema: Schema) -> ControlConnection:
    """Return the control connection of this pool and schema, joined; every call needs a `leave`."""
    control = _controls.get((pool, schema))
    if control is None:
        _controls[pool, schema] = control = ControlConnection(pool, schema)
    control.join()
    return control
