"""How the database server fares."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from starlette.requests import Request

from adapters.web.formatting import coarse, number
from adapters.web.site import Site
from application.jobs.looking import HealthReport

_LONG_SNAPSHOT = timedelta(minutes=5)
_NEARLY_ALL = 0.8
_HALF = 0.5


class Finding(NamedTuple):
    """Something that is not as it should be."""

    subject: str
    text: str


async def database(site: Site, _request: Request) -> dict[str, Any]:
    """Show tables, indexes, and who keeps the server from cleaning up."""
    report = await site.reader.database()
    now = {} if report is None else {"now": report.seen_at}
    return now | {
        "report": report,
        "findings": [] if report is None else list(_findings(report)),
        "total_bytes": 0 if report is None else sum(table.table_bytes + table.index_bytes for table in report.tables),
    }


def _findings(report: HealthReport) -> Iterator[Finding]:
    if not report.is_migrated:
        have, need = report.schema_version, report.needed_version
        yield Finding("The schema is old.", f"It has version {have}, this code needs {need}: run the migrations.")
    if not report.autovacuum:
        yield Finding("Autovacuum is off.", "Dead rows pile up, and everything becomes slower.")
    due = [table.name for table in report.tables if table.vacuum_due]
    if due:
        yield Finding("Vacuum is behind.", f"It is due for {', '.join(due)}.")
    for holder in report.oldest_snapshots[:1]:
        if holder.age is not None and holder.age > _LONG_SNAPSHOT:
            name = holder.name or f"a session of {holder.user}"
            yield Finding("A snapshot is held.", f"{name} has kept one for {coarse(holder.age)}; dead rows stay.")
    if report.connections > _NEARLY_ALL * report.connection_limit:
        used = f"{number(report.connections)} of {number(report.connection_limit)}"
        yield Finding("Connections run out.", f"{used} are in use.")
    if report.notification_queue_usage > _HALF:
        yield Finding("The notification queue fills.", "Some session listens and does not read.")
    if report.pooler:
        yield Finding("A pooler stands in between.", "LISTEN and session locks do not work: workers poll.")
