"""Whether the tables fit the code."""

from collections.abc import Iterator

from application.jobs.diagnosing.finding import Finding, FindingKind, Severity
from application.jobs.looking import HealthReport


def schema_findings(report: HealthReport) -> Iterator[Finding]:
    """Yield what is wrong with the tables."""
    has, needs = report.schema_version, report.needed_version
    if has < needs:
        yield Finding(
            FindingKind.NOT_MIGRATED,
            Severity.ERROR,
            "",
            f"The tables are of version {has}, this code needs {needs}."
            if has
            else "The tables of the queue are missing in this database.",
            "Workers of this version cannot take jobs here.",
            "Run `arrower migrate`, or call migrate(pool); it is safe while workers run.",
        )
    elif has > needs:
        yield Finding(
            FindingKind.NEWER_SCHEMA,
            Severity.NOTICE,
            "",
            f"The tables are of version {has}, this code knows {needs}.",
            "A newer version of the application has migrated them; the version before it goes on working.",
            "Finish the deployment of the newer version.",
        )
