"""Breaks the guards in the SQL one by one, and sees which test notices: `python -m tests.faults.mutations [NAME …]`.

Every mutant is a copy of the repository in a temporary folder with one condition taken out of one statement. The test
that noticed it last, as docs/reliability.md tells, is asked first, and all the others where that one is green. A mutant
that no test notices has survived, and the run fails.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
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
    "tests/faults/test_sql_stubborn_sessions.py",
    "tests/faults/test_sql_workers.py",
    "tests/faults/test_sql_pruning.py",
    "tests/faults/test_sql_operations.py",
    "tests/integration/test_rescuers.py",
    "tests/integration/test_doctor.py",
    "tests/contract",
    "tests/faults/test_state_machine.py",
)
# Of the contract, what no statement of SQL can break alone.
_LEFT_OUT = ("hostile_input", "payloads", "refused_input", "order_repository", "job_funcs", "timeouts", "traces")
_PATIENCE = 280
_AT_ONCE = 2
_FAILED, _NOTHING_CHOSEN = 1, 5
"""What pytest returns."""

_STATEMENT = re.compile(r'^(_?[A-Z_]+) = f?(?P<quote>"""|")(?P<sql>.+?)(?P=quote)', re.MULTILINE | re.DOTALL)
_TOLD = re.compile(r"^\| `(.+?)` \| (?:\w+::)?(test_\w+)", re.MULTILINE)


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
        for number, found in enumerate(re.finditer(condition, statement["sql"]), 1):
            start = statement.start("sql") + found.start()
            text = source[:start] + instead + source[start + len(found[0]) :]
            yield Mutant(f"{name}: {found[0].strip()}" + (f" ({number})" if number > 1 else ""), path, text)


class Judge:
    """Runs the tests on copies of a repository. Whoever is red without any mutant notices nothing."""

    def __init__(self, root: Path, first: Mapping[str, Sequence[str]]) -> None:
        self._root = root
        self._first = first
        self._red_anyway: dict[str, bool] = {}

    def verdict(self, mutant: Mutant) -> Verdict:
        """Ask the tests that noticed this mutant before, then all."""
        with tempfile.TemporaryDirectory(prefix="arrower-mutant-") as folder:
            copy = Path(folder) / "copy"
            copy_of(self._root, copy)
            (copy / mutant.path).write_text(mutant.text)
            everything = [test for test in TESTS if (copy / test).exists()]
            for tests in (self._first.get(mutant.name, ()), everything):
                verdict = self._asked(mutant.name, copy, tests) if tests else Verdict(mutant.name, "")
                if verdict.killer or verdict.broken:
                    return verdict
        return verdict

    def _asked(self, name: str, copy: Path, tests: Sequence[str]) -> Verdict:
        left_out: list[str] = []
        while True:
            verdict = _run(name, copy, [*tests, *(option for test in left_out for option in ("--deselect", test))])
            if verdict.killer in left_out or not verdict.killer or not self._is_red_anyway(verdict.killer):
                return verdict
            left_out.append(verdict.killer)

    def _is_red_anyway(self, test: str) -> bool:
        if test not in self._red_anyway:
            plain = _run("", self._root, [test])
            self._red_anyway[test] = bool(plain.killer or plain.broken)
            if self._red_anyway[test]:
                print(f"red without any mutant: {test} {plain.broken}", file=sys.stderr)  # noqa: T201
        return self._red_anyway[test]


def _run(name: str, copy: Path, options: Sequence[str]) -> Verdict:
    always = ["-x", "-q", "-k", "not memory", "-m", "not faults", "--timeout", "30", "--tb", "no"]
    always += [f"--ignore=tests/contract/test_{name}.py" for name in _LEFT_OUT]
    command = [sys.executable, "-m", "pytest", *always, *options]
    try:
        run = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Verdict(name, "", f"not done after {_PATIENCE} s")
    failed = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", run.stdout, re.MULTILINE)
    if run.returncode in (_FAILED, _NOTHING_CHOSEN, 0) and bool(failed) == (run.returncode == _FAILED):
        return Verdict(name, " ".join(failed))
    return Verdict(name, "", f"{run.stdout[-500:]}{run.stderr[-500:]}")


def noticed_last(table: str, root: Path) -> dict[str, list[str]]:
    """Return how to run the test that noticed a mutant, as a table tells that an earlier run printed."""
    files = [
        file for test in TESTS for file in ((root / test).rglob("*.py") if (root / test).is_dir() else [root / test])
    ]
    texts = {str(file.relative_to(root)): file.read_text() for file in files if file.exists()}
    told: dict[str, list[str]] = {}
    for name, test in _TOLD.findall(table):
        homes = [file for file, text in texts.items() if f"def {test}(" in text]
        told[name] = ["-k", f"not memory and {test}", *homes] if homes else []
    return told


def chosen_from(all_of_them: Sequence[Mutant], words: Sequence[str]) -> list[Mutant]:
    """Return those whose name contains one of the words; without words, all. A word that is in no name ends the run."""
    unknown = [word for word in words if not any(word in mutant.name for mutant in all_of_them)]
    if unknown:
        statements = sorted({mutant.name.partition(":")[0] for mutant in all_of_them})
        sys.exit(
            f"no condition has {', '.join(map(repr, unknown))} in its name; the statements are {', '.join(statements)}"
        )
    return [mutant for mutant in all_of_them if not words or any(word in mutant.name for word in words)]


def copy_of(root: Path, copy: Path) -> None:
    """Copy what the tests need."""
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "docs"))


def main() -> None:
    """Judge all mutants, or those whose name contains one of the arguments, and print a table."""
    with tempfile.TemporaryDirectory(prefix="arrower-mutants-") as folder:
        root = Path(folder) / "origin"
        copy_of(ROOT, root)  # all mutants are of the same state, also where somebody goes on editing
        chosen = chosen_from(list(mutants(root)), sys.argv[1:])
        first = noticed_last((ROOT / "docs/reliability.md").read_text(), root)
        judge = Judge(root, first)
        print("| condition taken out | noticed by |\n|---|---|", flush=True)  # noqa: T201
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            verdicts = threads.map(judge.verdict, chosen)
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
