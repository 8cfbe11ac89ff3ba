"""What we need of asyncpg that it does not offer: the only place that touches its internals."""

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from asyncpg.transaction import Transaction

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    PooledConnection: TypeAlias = PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:  # asyncpg's classes take no parameters at run time
    Connection, PooledConnection, Pool = asyncpg.Connection, PoolConnectionProxy, asyncpg.Pool

DRIVER_ERRORS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # where the server said goodbye while the connection lay idle
    OSError,
    TimeoutError,
)
"""Everything asyncpg raises when the server or the way to it fails."""

UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InternalClientError,
)
"""What is raised where there is no server, or it lets nobody in."""

REFUSALS = (
    asyncpg.DataError,  # 22, as where the encoding of the database lacks a character
    asyncpg.IntegrityConstraintViolationError,  # 23
    asyncpg.ProgramLimitExceededError,  # 54
    ValueError,  # where the driver cannot encode a parameter
)
"""What the server, or the driver for it, says to data that it will not take at any time."""

NOT_MIGRATED = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
    asyncpg.InvalidSchemaNameError,
)
"""What the server says to statements of a newer version than its tables, or where there are none."""


def may_have_committed(error: BaseException) -> bool:
    """Tell whether a commit that ended in this error may have happened all the same.

    The end of the session, unlike a refusal, can be told between the commit and its answer.
    """
    ended = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, OSError, TimeoutError)
    return isinstance(error, ended) and not isinstance(error, asyncpg.QueryCanceledError)


_INTERNALS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (asyncpg.Pool, ("_get_new_connection", "_setup", "_reset")),
    (asyncpg.Connection, ("_top_xact", "get_reset_query")),
    (PoolConnectionProxy, ("_con", "_holder")),
)
"""All that is not public and used here, or in what the round trips of `fencing.py` are built from."""


@cache
def check_driver() -> None:
    """Raise `RuntimeError` where the installed asyncpg lacks what this module relies on. Looks once."""
    missing = [f"{owner.__name__}.{name}" for owner, names in _INTERNALS for name in names if not hasattr(owner, name)]
    if missing:
        msg = (
            f"asyncpg {asyncpg.__version__} has no {', '.join(missing)}, which the queue relies on: install a version "
            "that pyproject.toml allows, or teach adapters/postgres/driver.py the new one"
        )
        raise RuntimeError(msg)


async def connect_beside(pool: Pool) -> Connection:
    """Open a connection configured like those of the pool, but not one of them.

    Taken from the pool, the connection that listens would be missing there for ever, and a pool of one
    would be empty.
    """
    internals: Any = pool
    return cast("Connection", await internals._get_new_connection())


class AdoptedTransaction:
    """Tells asyncpg of a transaction that was begun by a statement of ours.

    Without it `connection.transaction()` would refuse to nest a savepoint in a transaction that asyncpg
    did not begin. Beginning it through asyncpg would cost a round trip that the fence can share.
    """

    def __init__(self, connection: PooledConnection) -> None:
        proxy: Any = connection  # because none of these attributes is public
        self._connection: Any = proxy._con
        self._connection._top_xact = Transaction(self._connection, None, readonly=False, deferrable=False)

    def ended(self) -> None:
        """Tell asyncpg that it is over."""
        self._connection._top_xact = None


class JobConnection(PoolConnectionProxy):
    """A connection of the pool in the hands of one attempt, and of no other after it has ended.

    The pool makes a proxy of this kind for whoever acquires a connection, so that one who keeps it too
    long cannot reach what it is used for next. Attempts that follow each other on one connection get the
    same protection, without handing it back in between.
    """

    __slots__ = ("bare", "held", "since")

    bare: Connection
    """The connection itself, for statements of ours: without a detour for each call."""

    def __init__(self, held: PooledConnection, since: float) -> None:
        """Stand in for `held`, which the pool gave away at `since`, an instant of `time.monotonic()`."""
        internals: Any = held
        self.held = held
        self.since = since
        self.bare = self._con = internals._con
        self._holder = internals._holder

    def end(self) -> None:
        """Let nobody use it any more."""
        self._con = None


def can_be_held(pool: Pool) -> bool:
    """Tell whether attempts may follow each other on a connection without asking the pool.

    Not where the pool was told to prepare each connection before or after its use.
    """
    internals: Any = pool
    return internals._setup is None and internals._reset is None
