"""The report, for people."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.jobs import JobState
from infrastructure.demo.casualty import Casualty
from infrastructure.demo.report import Report


def show(report: Report, console: Console) -> None:
    """Print what was counted."""
    for table in (_orders(report), _jobs(report), _effects(report)):
        console.print()
        console.print(table)


def _orders(report: Report) -> RenderableType:
    table = _table("Orders")
    for state, number in report.orders.items():
        table.add_row(state, f"{number:,}")
    return table


def _jobs(report: Report) -> RenderableType:
    table = _table("Jobs")
    for state, number in report.jobs.items():
        if number or state is JobState.COMPLETED:
            table.add_row(_explained(state), f"{number:,}")
    table.add_section()
    table.add_row("retries after an attempt that failed", f"{report.retries:,}")
    table.add_row("jobs rescued from a worker that died", f"{report.rescued_jobs:,}")
    return table


def _explained(state: JobState) -> str:
    return "dead: given up, for the card was declined" if state is JobState.DEAD else state.value


def _effects(report: Report) -> RenderableType:
    table = _table("Effects", "expected", "found", "lost", "doubled")
    for effect in report.effects:
        table.add_row(
            effect.name,
            f"{effect.expected:,}",
            f"{effect.found:,}",
            _bad_if_any(effect.lost),
            _bad_if_any(effect.doubled),
        )
    return Group(table, _verdict(report))


def _verdict(report: Report) -> Text:
    if not report.all_well:
        return Text(f"{report.lost:,} effects lost, {report.doubled:,} doubled", style="bold red")
    return Text("0 effects lost, 0 doubled", style="bold green")


def _bad_if_any(number: int) -> Text:
    return Text(f"{number:,}", style="bold red" if number else "green")


def _table(title: str, *columns: str) -> Table:
    table = Table(min_width=60)
    table.add_column(title, ratio=1)
    for column in columns or ("",):
        table.add_column(column, justify="right")
    return table


def show_casualty(casualty: Casualty, report: Report, console: Console) -> None:
    """Tell what became of the worker that was killed, and of its jobs."""
    console.print(
        f"{casualty.name} was killed with SIGKILL half-way, while it had {casualty.jobs_in_hand} jobs in its hands."
    )
    if casualty.found_after is not None:
        noticed = casualty.found_after.total_seconds()
        console.print(f"The other worker noticed within {noticed:.1f} s, and did {report.rescued_jobs} of them.")
    if report.all_well:
        console.print(
            "What a job does and that it is done are one commit: nothing was lost, and nothing happened twice."
        )
