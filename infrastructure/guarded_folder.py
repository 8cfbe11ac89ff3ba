"""A temporary folder that is gone with the process that made it, even if that process is killed."""

import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from infrastructure.server_account import ServerAccount

# Waits for the end of its standard input, which comes when the process at the other end is gone, however it went.
# Then it ends the server that may still run in the folder, and removes the folder. It runs under the server's own
# account, so it can harm nothing else.
_GUARD = """
read -r _
if read -r pid < data/postmaster.pid && kill -QUIT "$pid"; then
    tries=0
    while [ -e data/postmaster.pid ] && [ "$tries" -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
fi
cd / && rm -rf "$1"
"""


@contextmanager
def guarded_folder(account: ServerAccount, parent: Path | None = None) -> Generator[Path]:
    """Yield a new folder of the account, and remove it in the end."""
    folder = account.new_folder("arrower-pg-", parent)
    try:
        command: list[str | Path] = ["/bin/sh", "-c", _GUARD, "guard", folder]
        guard = account.start(command, folder, subprocess.DEVNULL, stdin=subprocess.PIPE)
    except BaseException:
        shutil.rmtree(folder)
        raise
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        guard.communicate()
