"""Who runs the embedded server. PostgreSQL refuses to run as root, so root lends it the account `nobody`."""

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple


class ServerAccount(NamedTuple):
    """The account that programs run under; all None is the one of this process."""

    uid: int | None = None
    gid: int | None = None
    groups: Sequence[int] | None = None

    @classmethod
    def choose(cls) -> "ServerAccount":
        """Choose one that PostgreSQL accepts. No account is created."""
        if os.geteuid() != 0:
            return cls()
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid, ())

    def own(self, path: Path) -> None:
        """Make the account the owner of a file or folder that this process has made."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_reach(self, folder: Path) -> bool:
        """Tell whether the account can enter the folder; may err towards no."""
        folder = folder.resolve()
        return self.uid is None or all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))

    def new_folder(self, prefix: str, parent: Path | None = None) -> Path:
        """Create a folder that only the account and root can enter, among the temporary files unless told where."""
        places = (parent or Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108  # root's own may be closed to the account
        place = next(filter(self.can_reach, places), places[0])
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
        self.own(folder)
        return folder

    def start(
        self, command: Sequence[str | Path], folder: Path, output: IO[bytes] | int, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start a program in a folder."""
        return subprocess.Popen(  # noqa: S603  # our own programs, no shell
            [str(part) for part in command],
            cwd=folder,
            env=_environment(),
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=self.uid,
            group=self.gid,
            extra_groups=self.groups,
            # Not in our process group: Ctrl-C is for us, and the server goes down in order.
            start_new_session=True,
        )


def _environment() -> dict[str, str]:
    # Without what leads the server astray: PGDATA and its kin, locales that it lacks, a time zone to search for.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
