"""Where the tests run on a mutant: a copy of the repository, and a server of its own."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.faults.mutations.mutants import Mutant
from tests.postgres_server import postgres_server

_PATIENCE = 280
_ALWAYS = ("-q", "-k", "not memory", "-m", "not faults", "--timeout", "30", "--tb", "no", "-p", "no:cacheprovider")
_DONE = (0, 1)
"""What pytest returns where it ran the tests."""


class Verdict(NamedTuple):
    """What the tests said: who failed, or why they did not run."""

    name: str
    killer: str = ""
    broken: str = ""


class Bench(NamedTuple):
    """One of each for what runs at once: a mutant may end the sessions of others on its server."""

    copy: Path
    dsn: str

    def ask(self, tests: Sequence[str]) -> Verdict:
        """Run the tests until one fails."""
        try:
            run = self.run(["-x", *tests])
        except subprocess.TimeoutExpired:
            return Verdict("", broken=f"not done after {_PATIENCE} s")
        failed = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", run.stdout, re.MULTILINE)
        if run.returncode in _DONE and bool(failed) == bool(run.returncode):
            return Verdict("", killer=failed[0] if failed else "")
        return Verdict("", broken=f"{run.stdout[-500:]}{run.stderr[-500:]}")

    def run(
        self, options: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run pytest. Raises `subprocess.TimeoutExpired`."""
        # Compiled files of the original stay valid: a mutant's own are not written.
        variables = {
            **os.environ,
            "ARROWER_TEST_POSTGRES": self.dsn,
            "PYTHONDONTWRITEBYTECODE": "1",
            **(environment or {}),
        }
        command = [sys.executable, "-m", "pytest", *_ALWAYS, *options]
        return subprocess.run(
            command, cwd=self.copy, env=variables, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )

    @contextmanager
    def broken_by(self, mutant: Mutant) -> Generator[None]:
        """Put a mutant in place for the length of a block."""
        file = self.copy / mutant.path
        original, times = file.read_text(), file.stat()
        file.write_text(mutant.text)
        try:
            yield
        finally:
            file.write_text(original)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


@contextmanager
def open_bench(root: Path) -> Generator[Bench]:
    """Copy what the tests need, and start a server."""
    with tempfile.TemporaryDirectory(prefix="arrower-mutants-") as folder, postgres_server() as dsn:
        copy = Path(folder) / "copy"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".*", "docs"))
        yield Bench(copy, dsn)
