"""The dashboard on PostgreSQL: `ARROWER_DSN=postgresql://… python -m infrastructure.dashboard`."""

import socket
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import uvicorn
from starlette.types import ASGIApp

from adapters.postgres import postgres_control_room
from adapters.postgres.driver import Pool
from adapters.web import DashboardOptions, dashboard
from infrastructure.containers.application import JOB_CLASSES
from infrastructure.event_loop import run
from infrastructure.logs import configure_logging
from infrastructure.settings import DashboardSettings

_READ_ONLY = DashboardOptions()
_CONNECTIONS = 4
_TIME_TO_CONNECT = 5.0
_STATEMENT_TIMEOUT = timedelta(seconds=10)
_LOCK_TIMEOUT = timedelta(seconds=2)


class CannotListen(Exception):
    """The address is taken, or is none of this machine."""


def dashboard_pool(dsn: str, *, actions: bool = False, statement_timeout: timedelta = _STATEMENT_TIMEOUT) -> Pool:
    """Return the few connections that a dashboard may use, to be entered before it is served.

    They cannot slow the queues: there are at most four, the server ends a statement of theirs that takes longer than
    `statement_timeout`, or waits two seconds for a lock, and without `actions` refuses to let them write.
    """
    return asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=_CONNECTIONS,
        timeout=_TIME_TO_CONNECT,
        statement_cache_size=0,  # a pooler may lead each statement to another session
        command_timeout=statement_timeout.total_seconds() + _TIME_TO_CONNECT,  # where the server is cut off
        server_settings={
            "application_name": "arrower dashboard",
            "statement_timeout": _milliseconds(statement_timeout),
            "lock_timeout": _milliseconds(_LOCK_TIMEOUT),
            "idle_in_transaction_session_timeout": _milliseconds(statement_timeout),
            "default_transaction_read_only": "off" if actions else "on",
        },
    )


@asynccontextmanager
async def postgres_dashboard(
    dsn: str,
    options: DashboardOptions = _READ_ONLY,
    *,
    job_classes: Iterable[type[object]] = JOB_CLASSES,
) -> AsyncGenerator[ASGIApp]:
    """Yield a dashboard with a pool of its own; jobs of `job_classes` can be enqueued from it."""
    async with dashboard_pool(dsn, actions=options.actions) as pool:
        yield dashboard(postgres_control_room(pool, job_classes=job_classes), options)


async def serve_dashboard(
    dsn: str,
    options: DashboardOptions = _READ_ONLY,
    *,
    host: str = "127.0.0.1",
    port: int = 8420,
    job_classes: Iterable[type[object]] = JOB_CLASSES,
) -> None:
    """Serve a dashboard until the process is asked to stop, by SIGTERM or Ctrl-C. Raises `CannotListen`.

    Its address is told on standard error; port 0 is any that is free.
    """
    with _listening(host, port) as listening:
        print(f"the dashboard is running on {_address(listening)}", file=sys.stderr)
        await _serve(dsn, options, listening, job_classes)


async def _serve(
    dsn: str, options: DashboardOptions, listening: socket.socket, job_classes: Iterable[type[object]]
) -> None:
    async with postgres_dashboard(dsn, options, job_classes=job_classes) as app:
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        await uvicorn.Server(config).serve(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = str(error.strerror or error).partition(" (while")[0]
        msg = f"cannot listen on {host}, port {port}: {reason}"
        raise CannotListen(msg) from error


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if listening.family is socket.AF_INET6 else f"http://{host}:{port}"


def options_from(settings: DashboardSettings) -> DashboardOptions:
    """Return what was set from outside."""
    secret, masked = settings.dashboard_secret, settings.dashboard_masked
    return DashboardOptions(
        actions=settings.dashboard_actions,
        allowed_hosts=settings.dashboard_hosts or None,
        masked=_READ_ONLY.masked if masked is None else masked,
        secret=None if secret is None else secret.get_secret_value(),
    )


def _milliseconds(length: timedelta) -> str:
    return str(int(length / timedelta(milliseconds=1)))


def main() -> None:
    """Serve until asked to stop."""
    settings = DashboardSettings()  # type: ignore[call-arg]  # the environment gives the rest
    configure_logging(settings.log_level)
    dsn = settings.dsn.get_secret_value()
    try:
        run(serve_dashboard(dsn, options_from(settings), host=settings.dashboard_host, port=settings.dashboard_port))
    except CannotListen as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
