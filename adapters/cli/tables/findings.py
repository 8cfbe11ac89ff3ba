"""What the doctor found."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from adapters.cli.tables import Sight
from adapters.cli.words import many, plain
from application.jobs.diagnosing import Finding, Severity

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTICE: "bold blue"}


def findings_sheet(findings: Sequence[Finding], _sight: Sight) -> RenderableType:
    """Return each with what it means and what to do, and a summary."""
    return Group(*[_sheet(finding) for finding in findings], _summary(findings))


def _sheet(finding: Finding) -> RenderableType:
    head = Text.assemble((f"{finding.severity}: ", _STYLES[finding.severity]), (plain(finding.found), "bold"))
    body = Text(f"{plain(finding.meaning)}\n→ {plain(finding.advice)}")
    return Group(head, Padding(body, (0, 0, 1, 2), expand=False))


def _summary(findings: Sequence[Finding]) -> Text:
    wrong = sum(finding.severity.is_wrong for finding in findings)
    if wrong:
        return Text(many(wrong, "problem"), "bold red")
    return Text("Nothing is wrong.", "bold green")
