"""The command that finds what is wrong."""

import typer

from adapters.cli.documents import finding_document
from adapters.cli.failures import ExitCode
from adapters.cli.parameters import AsJson, Dsn, Every, Watch, database
from adapters.cli.program import Program
from adapters.cli.showing import How, View, show
from adapters.cli.tables.findings import findings_sheet


def add_doctor(app: typer.Typer, program: Program) -> None:
    """Add it."""

    @app.command()
    def doctor(*, dsn: Dsn = None, as_json: AsJson = False, watch: Watch = False, every: Every = "10s") -> None:
        """Find what usually goes wrong, and tell what to do; exit code 1 where something is wrong."""
        view = View(
            read=lambda room: room.diagnose(),
            draw=findings_sheet,
            tell=lambda found: map(finding_document, found),
        )
        findings = show(program, database(dsn), view, How(as_json, watch, every))
        if any(finding.severity.is_wrong for finding in findings or ()):
            raise typer.Exit(ExitCode.PROBLEM)
