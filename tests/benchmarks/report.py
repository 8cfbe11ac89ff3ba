"""The tables on the screen."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.benchmarks.case import Case, Contender, Measurement
from tests.benchmarks.figures import Figures, figures
from tests.benchmarks.goals import Goal
from tests.benchmarks.suite import Outcome
from tests.benchmarks.summary import Spread, paired_ratios

_COLUMNS = (
    "jobs",
    "jobs/s (min-max)",
    "x",
    "p50 ms",
    "p99 ms",
    "WAL B/job",
    "commits/job",
    "peak MB",
    "worker µs/job",
    "server µs/job",
)
_MARKS = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]?[/]"}


def list_cases(console: Console, cases: Sequence[Case]) -> None:
    """Print the names, what they are, and their goals."""
    table = Table("case", "what", "goals")
    for case in cases:
        table.add_row(case.name, case.title, "\n".join(goal.text for goal in case.goals))
    console.print(table)


def print_outcome(console: Console, outcome: Outcome) -> None:
    """Print the table of one case, its details, and its goals."""
    case = outcome.case
    table = Table("contender", *_COLUMNS, title=f"{case.name}: {case.title}", title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for contender in case.contenders:
        _add_row(table, outcome, contender)
    console.print(table)
    for name, reason in (outcome.failures | outcome.not_available).items():
        console.print(f"  {name}: {reason.splitlines()[0]}", markup=False)
    for name, measurements in outcome.measurements.items():
        details = figures(measurements).details
        if details:
            console.print(f"  {name}: " + ", ".join(f"{key} {_number(value)}" for key, value in details.items()))
    for goal in case.goals:
        console.print(f"  {_MARKS[goal.met(outcome.measurements)]} {goal.text}{_reached(goal, outcome)}")
    console.print()


def _add_row(table: Table, outcome: Outcome, contender: Contender) -> None:
    measurements = outcome.measurements.get(contender.name)
    if contender.name in outcome.failures:
        table.add_row(contender.name, "[red]failed[/]")
    elif contender.name in outcome.not_available:
        table.add_row(contender.name, "[yellow]not available[/]")
    elif measurements:
        reference = outcome.measurements.get(outcome.case.reference, [])
        table.add_row(contender.name, *_cells(measurements, reference))


def _cells(measurements: Sequence[Measurement], reference: Sequence[Measurement]) -> list[str]:
    shown: Figures = figures(measurements)
    ratio = paired_ratios([one.rate for one in measurements], [other.rate for other in reference])
    rates = shown.rate
    return [
        f"{measurements[0].jobs:,}",
        f"{rates.median:,.0f} ({rates.least:,.0f}-{rates.most:,.0f})",
        "" if ratio is None else f"{ratio.median:.2f}",
        *map(_cell, (shown.p50, shown.p99, shown.wal_per_job, shown.commits_per_job)),
        *map(_cell, (shown.peak_mb, shown.worker_us_per_job, shown.server_us_per_job)),
    ]


def _cell(value: float | None) -> str:
    return "" if value is None else _number(value)


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.4f}"


def _reached(goal: Goal, outcome: Outcome) -> str:
    value: Spread | None = goal.value(outcome.measurements)
    if value is None:
        return ": not measured"
    return f": {_number(value.median)} ({_number(value.least)}-{_number(value.most)})"
