"""Breaks the conditions in the SQL of the Postgres adapter one by one: `python -m tests.faults.mutations [NAME …]`.

A condition that is joined by `and` is made true, one that is joined by `or` false, and a lock is taken out. First all
tests run on the original, to learn which statements each of them sends; then each mutant meets those that send its
statement, until one fails. A mutant that no test notices has survived, and the run fails.
"""

import queue
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from tests.faults.mutations.bench import Bench, Verdict, open_bench
from tests.faults.mutations.equivalent import EQUIVALENT
from tests.faults.mutations.judge import Judge, listen, red_ones
from tests.faults.mutations.mutants import Mutant, mutants

_ROOT = Path(__file__).parents[3]
_TABLE = _ROOT / "docs/guards.md"
_AT_ONCE = 2
_TOLD = re.compile(r"^\| `(.+?)` \| (\S+)", re.MULTILINE)


def main() -> None:
    """Judge all mutants, or those whose name contains one of the arguments, and print tables."""
    with ExitStack() as stack:
        first = stack.enter_context(open_bench(_ROOT))  # all mutants are of one state, also where somebody edits
        chosen = _chosen_from(list(mutants(first.copy)), sys.argv[1:])
        sent = listen(first)
        for test in red_ones(sent):
            print(f"red without any mutant: {test}", file=sys.stderr)  # noqa: T201
        benches = [first, *(stack.enter_context(open_bench(first.copy)) for _ in range(_AT_ONCE - 1))]
        judge = Judge(sent, dict(_TOLD.findall(_TABLE.read_text())) if _TABLE.exists() else {})
        survivors = 0
        for module, verdicts in groupby(_verdicts(judge, benches, chosen), _module):
            print(f"\n## {module}\n\n| condition taken out | noticed by |\n|---|---|", flush=True)  # noqa: T201
            survivors += sum(_told(verdict) for verdict in verdicts)
    print(f"\n{len(chosen)} conditions, {survivors} survived")  # noqa: T201
    sys.exit(bool(survivors))


def _chosen_from(all_of_them: Sequence[Mutant], words: Sequence[str]) -> list[Mutant]:
    unknown = [word for word in words if not any(word in mutant.name for mutant in all_of_them)]
    if unknown:
        statements = sorted({mutant.name.partition(":")[0] for mutant in all_of_them})
        sys.exit(f"no condition has {', '.join(map(repr, unknown))} in its name; there are {', '.join(statements)}")
    return [mutant for mutant in all_of_them if not words or any(word in mutant.name for word in words)]


def _verdicts(judge: Judge, benches: Sequence[Bench], chosen: Sequence[Mutant]) -> Iterator[Verdict]:
    free: queue.SimpleQueue[Bench] = queue.SimpleQueue()
    for bench in benches:
        free.put(bench)

    def verdict(mutant: Mutant) -> Verdict:
        bench = free.get()
        try:
            return judge.verdict(bench, mutant)
        finally:
            free.put(bench)

    with ThreadPoolExecutor(len(benches)) as threads:
        yield from threads.map(verdict, chosen)


def _module(verdict: Verdict) -> str:
    return verdict.name.partition(":")[0].partition(".")[0]


def _told(verdict: Verdict) -> bool:
    noticed = verdict.killer.removeprefix("tests/")
    if verdict.broken:
        noticed = f"**did not run: {verdict.broken}**"
    reason = None if noticed else EQUIVALENT.get(verdict.name)
    if reason is not None:
        noticed = f"nothing can: it {reason}"
    print(f"| `{verdict.name}` | {noticed or '**nothing: it survived**'} |", flush=True)  # noqa: T201
    return bool(verdict.broken) or not noticed


if __name__ == "__main__":
    main()
