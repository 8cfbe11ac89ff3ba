"""The command that finds what is wrong."""

from collections.abc import Sequence

import typer

from adapters.cli.commands.watched import watched
from adapters.cli.documents import finding_document
from adapters.cli.failures import ExitCode
from adapters.cli.program import Program
from adapters.cli.showing import View
from adapters.cli.tables.findings import findings_sheet
from application.jobs.diagnosing import Finding


def add_doctor(app: typer.Typer, program: Program) -> None:
    """Add it."""

    @watched(app, program, then=_fail_where_something_is_wrong)
    def doctor() -> View[list[Finding]]:
        """Find what usually goes wrong, and tell what to do; exit code 1 where something is wrong."""
        return View(lambda room: room.diagnose(), findings_sheet, lambda found: map(finding_document, found))


def _fail_where_something_is_wrong(findings: Sequence[Finding]) -> None:
    if any(finding.severity.is_wrong for finding in findings):
        raise typer.Exit(ExitCode.PROBLEM)
