"""Which tests notice a mutant."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.faults.mutations.bench import Bench, Verdict
from tests.faults.mutations.mutants import Mutant
from tests.faults.mutations.sent import FOLDER, Sent, read_sent

TESTS = (
    "tests/contract",
    "tests/faults/test_sql_by_hand.py",
    "tests/faults/test_sql_guards.py",
    "tests/faults/test_sql_operations.py",
    "tests/faults/test_sql_pruning.py",
    "tests/faults/test_sql_races.py",
    "tests/faults/test_sql_rescue.py",
    "tests/faults/test_sql_sessions.py",
    "tests/faults/test_sql_stubborn_sessions.py",
    "tests/faults/test_sql_workers.py",
    "tests/faults/test_state_machine.py",
    "tests/integration/test_attempts_in_a_row.py",
    "tests/integration/test_connections.py",
    "tests/integration/test_database_health.py",
    "tests/integration/test_dead_groups.py",
    "tests/integration/test_doctor.py",
    "tests/integration/test_estimates.py",
    "tests/integration/test_health_of_others.py",
    "tests/integration/test_holders_without_sessions.py",
    "tests/integration/test_lists_of_waiting_jobs.py",
    "tests/integration/test_looking_after_a_flood.py",
    "tests/integration/test_migrate.py",
    "tests/integration/test_moved_columns.py",
    "tests/integration/test_planner_figures.py",
    "tests/integration/test_rescuers.py",
    "tests/integration/test_schemas_and_roles.py",
    "tests/integration/test_session_state.py",
    "tests/integration/test_shared_parts.py",
    "tests/integration/test_sql_in_units.py",
    "tests/integration/test_waking.py",
)
_PLUGIN = ("-p", "tests.faults.mutations.sent", "-n", "2")
_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
_SHORTEST_PIECE = 4
_BETWEEN = re.compile(r"\{+[^{}]*\}+|\"+")
"""What stands in for something else in the text of a statement, or is no part of it."""


class Judge:
    """Knows of each test which statements it sends, so that only those are asked that could notice."""

    def __init__(self, sent: Mapping[str, Sent], first: Mapping[str, str]) -> None:
        green = {test: what for test, what in sent.items() if what.is_green}
        # Those first that were written for it, and the quick ones.
        self._tests = sorted(green, key=lambda test: ("test_sql_" not in test, green[test].seconds))
        self._sent = green
        self._first = first

    def verdict(self, bench: Bench, mutant: Mutant) -> Verdict:
        """Ask the test that noticed this mutant before, then all that send the statement."""
        # Every database is made by the migrations.
        concerned = self._tests if mutant.path.suffix == ".sql" else self._that_send(mutant.statement)
        known = [test for test in self._tests if test == f"tests/{self._first.get(mutant.name)}"]
        others = [test for test in concerned if test not in known]
        verdict = Verdict(mutant.name)
        with bench.broken_by(mutant):
            for tests in filter(None, (known, others)):
                verdict = bench.ask(tests)._replace(name=mutant.name)
                if verdict.killer or verdict.broken:
                    break
        return verdict

    def _that_send(self, statement: str) -> list[str]:
        pieces = [" ".join(piece.split()) for piece in _BETWEEN.split(statement)]
        pieces = [piece for piece in pieces if len(piece) >= _SHORTEST_PIECE]
        sending = {sent for test in self._sent.values() for sent in test.statements if _are_in(sent, pieces)}
        return [test for test in self._tests if sending & self._sent[test].statements]


def _are_in(text: str, pieces: Iterable[str]) -> bool:
    position = 0
    for piece in pieces:
        position = text.find(piece, position) + len(piece)
        if position < len(piece):
            return False
    return True


def listen(bench: Bench) -> Mapping[str, Sent]:
    """Run all tests on the original, and return what they send."""
    with tempfile.TemporaryDirectory(prefix="arrower-sent-") as folder:
        run = bench.run(
            [*_PLUGIN, *(test for test in TESTS if (bench.copy / test).exists())], {FOLDER: folder, **_COMPILED}
        )
        sent = read_sent(Path(folder))
    if not sent:
        msg = f"the tests did not run: {run.stdout[-2_000:]}{run.stderr[-2_000:]}"
        raise RuntimeError(msg)
    return sent


def red_ones(sent: Mapping[str, Sent]) -> Sequence[str]:
    """Return the tests that fail on the original."""
    return [test for test, what in sent.items() if not what.is_green]
