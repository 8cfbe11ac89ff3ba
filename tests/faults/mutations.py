"""Breaks the guards in the SQL one by one, and sees which test notices: `python -m tests.faults.mutations [NAME …]`.

Every mutant is a copy of the repository in a temporary folder with one condition taken out of one statement. A
mutant that no test notices has survived, and the run fails.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.faults.guards import CONDITIONS, EQUIVALENT, FOR_PEOPLE

ROOT = Path(__file__).parents[2]
SQL = Path("adapters/postgres")
# The first ones notice most.
TESTS = (
    "tests/contract/test_stale_attempts.py",
    "tests/faults/test_sql_guards.py",
    "tests/faults/test_sql_races.py",
    "tests/faults/test_sql_rescue.py",
    "tests/faults/test_sql_sessions.py",
    "tests/faults/test_sql_workers.py",
    "tests/faults/test_sql_pruning.py",
    "tests/faults/test_sql_operations.py",
    "tests/integration/test_rescuers.py",
    "tests/contract",
    "tests/faults/test_state_machine.py",
)
# Of the contract, what no statement of SQL can break alone.
_LEFT_OUT = ("hostile_input", "payloads", "refused_input", "order_repository", "job_funcs", "timeouts", "traces")
_PATIENCE = 280
_AT_ONCE = 2

_STATEMENT = re.compile(r'^(_?[A-Z_]+) = f?"""(.*?)"""', re.MULTILINE | re.DOTALL)


class Mutant(NamedTuple):
    """One condition of one statement, gone."""

    name: str
    path: Path
    text: str


class Verdict(NamedTuple):
    """What the tests said: who failed, or why they did not run."""

    name: str
    killer: str
    broken: str = ""


def mutants(root: Path) -> Iterator[Mutant]:
    """Yield every mutant of a copy."""
    for file in sorted((root / SQL).rglob("*.py")):
        path, source = file.relative_to(root), file.read_text()
        if path.is_relative_to(SQL / "orders"):
            continue  # the example business
        for statement in _STATEMENT.finditer(source):
            yield from _mutants_of(f"{file.stem}.{statement[1].strip('_').lower()}", path, source, statement)


def _mutants_of(name: str, path: Path, source: str, statement: re.Match[str]) -> Iterator[Mutant]:
    if statement[1] in FOR_PEOPLE:
        return
    for condition, instead in CONDITIONS.items():
        for number, found in enumerate(re.finditer(condition, statement[2]), 1):
            start = statement.start(2) + found.start()
            text = source[:start] + instead + source[start + len(found[0]) :]
            yield Mutant(f"{name}: {found[0].strip()}" + (f" ({number})" if number > 1 else ""), path, text)


def judge(root: Path, mutant: Mutant | None, deselected: tuple[str, ...] = ()) -> Verdict:
    """Run the tests on a copy of `root` that has this mutant; without one, on a plain copy."""
    with tempfile.TemporaryDirectory(prefix="arrower-mutant-") as folder:
        copy = Path(folder) / "copy"
        copy_of(root, copy)
        if mutant is not None:
            (copy / mutant.path).write_text(mutant.text)
        tests = [test for test in TESTS if (copy / test).exists()]
        options = ["-q", "-k", "not memory", "-m", "not faults", "--timeout", "30", "--tb", "no"]
        options += [f"--ignore=tests/contract/test_{name}.py" for name in _LEFT_OUT]
        options += ["-x"] if mutant is not None else ["-n", str(_AT_ONCE)]
        options += [option for test in deselected for option in ("--deselect", test)]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        try:
            run = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return Verdict("" if mutant is None else mutant.name, "", f"not done after {_PATIENCE} s")
    name = "" if mutant is None else mutant.name
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    if run.returncode > 1 or (run.returncode == 1 and not failed):
        return Verdict(name, "", f"{run.stdout[-500:]}{run.stderr[-500:]}")
    return Verdict(name, " ".join(failed))


def copy_of(root: Path, copy: Path) -> None:
    """Copy what the tests need."""
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "docs"))


def main() -> None:
    """Judge all mutants, or those whose name contains one of the arguments, and print a table."""
    with tempfile.TemporaryDirectory(prefix="arrower-mutants-") as folder:
        root = Path(folder) / "origin"
        copy_of(ROOT, root)  # all mutants are of the same state, also where somebody goes on editing
        chosen = [m for m in mutants(root) if not sys.argv[1:] or any(text in m.name for text in sys.argv[1:])]
        plain = judge(root, None)
        if plain.broken:
            sys.exit(f"the tests do not run:\n{plain.broken}")
        red = tuple(plain.killer.split())
        if red:
            print(f"left out, because they are red without any mutant: {', '.join(red)}\n")  # noqa: T201
        print("| condition taken out | noticed by |\n|---|---|", flush=True)  # noqa: T201
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            verdicts = threads.map(lambda mutant: judge(root, mutant, red), chosen)
            survivors = sum(_told(verdict) for verdict in verdicts)
    print(f"\n{len(chosen)} mutants, {survivors} survived")  # noqa: T201
    sys.exit(bool(survivors))


def _told(verdict: Verdict) -> bool:
    reason = EQUIVALENT.get(verdict.name)
    if not verdict.killer and not verdict.broken and reason is not None:
        print(f"| `{verdict.name}` | nothing can: it {reason} |", flush=True)  # noqa: T201
        return False
    survived = not verdict.killer
    killer = verdict.killer.split("::", 1)[-1][:120]
    if survived:
        killer = f"**did not run: {verdict.broken}**" if verdict.broken else "**nothing: it survived**"
    print(f"| `{verdict.name}` | {killer} |", flush=True)  # noqa: T201
    return survived


if __name__ == "__main__":
    main()
