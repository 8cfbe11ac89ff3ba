"""`python -m tests.benchmarks`."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tests.benchmarks import machine, report, results_file
from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Case
from tests.benchmarks.cases import CASES
from tests.benchmarks.peers import FOLDER, PEERS, SYSTEMS
from tests.benchmarks.server import Server
from tests.benchmarks.suite import Outcome, Suite

_TERMINATED = 143
_IN_MEMORY = ("tmpfs", "ramfs")

_DESCRIPTION = """
Measure Arrower and its peers as whole processes against one PostgreSQL server with its default durability.
Contenders of a case run interleaved, round by round, and ratios are those of the same round: absolute figures
drift on a shared machine. Every measurement ends by counting jobs and effects, and fails where the count is
not exact. Peers are installed below .bench when they are needed.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for. Returns 1 where a measurement failed, and 0 otherwise."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    console = Console(width=200 if not Console().is_terminal else None)
    if chosen.list:
        report.list_cases(console, CASES)
        return 0
    cases = [case for case in CASES if not chosen.case or case.name in chosen.case]
    signal.signal(signal.SIGTERM, _terminate)
    with Server.running() as server:
        outcomes = asyncio.run(_measure(server, console, cases, chosen))
    for outcome in outcomes:
        report.print_outcome(console, outcome)
    console.print(f"Everything that was measured: {chosen.json}")
    return 1 if any(outcome.failures for outcome in outcomes) else 0


def _terminate(_signal: int, _frame: object) -> None:
    sys.exit(_TERMINATED)  # in order, so that no process is left behind


def _parser() -> argparse.ArgumentParser:
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=_DESCRIPTION)
    parser.add_argument(
        "--case",
        nargs="+",
        action="extend",
        choices=names,
        metavar="NAME",
        help="only these; one of " + ", ".join(names),
    )
    parser.add_argument("--list", action="store_true", help="list the cases and their goals, and measure nothing")
    parser.add_argument("--rounds", type=_at_least_one, default=3, help="how often everything is measured (3)")
    parser.add_argument("--scale", type=_share, default=1.0, help="from 0.001 to 1: fewer jobs, for a quick look (1)")
    parser.add_argument(
        "--peers",
        type=_peers,
        default=PEERS,
        help="who takes part, separated by commas: " + ",".join(PEERS) + " (all)",
    )
    parser.add_argument(
        "--json",
        type=Path,
        default=FOLDER / "results.json",
        metavar="FILE",
        help="where everything is written that was measured (.bench/results.json)",
    )
    return parser


async def _measure(
    server: Server,
    console: Console,
    cases: Sequence[Case],
    chosen: argparse.Namespace,
) -> list[Outcome]:
    bench = Bench(server, chosen.scale)
    suite = Suite(bench, chosen.rounds, chosen.peers, lambda line: console.log(line, highlight=False))
    circumstances: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.describe(),
        "scale": chosen.scale,
        "rounds": chosen.rounds,
        "server": server.settings,
        "systems": {system.name: system.settings() for system in SYSTEMS if system.name in chosen.peers},
    }
    outcomes: list[Outcome] = []
    await suite.prepare()
    circumstances["file_system"] = file_system = machine.file_system(Path(server.settings["data_directory"]))
    if file_system in _IN_MEMORY:
        console.log(
            f"The data lies on {file_system}, where durability costs nothing: set TMPDIR to a folder on a disk."
        )
    for case in cases:
        outcomes.append(await suite.run(case))
        results_file.write(chosen.json, circumstances, outcomes)
    return outcomes


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        msg = "at least 1"
        raise argparse.ArgumentTypeError(msg)
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0.001 <= number <= 1:
        msg = "from 0.001 to 1"
        raise argparse.ArgumentTypeError(msg)
    return number


def _peers(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = set(names) - set(PEERS)
    if unknown:
        msg = f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(PEERS)}"
        raise argparse.ArgumentTypeError(msg)
    return names
