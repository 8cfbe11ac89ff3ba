"""How the database server fares."""

from typing import Any

from starlette.requests import Request

from adapters.web.site import Site


async def database(site: Site, _request: Request) -> dict[str, Any]:
    """Show tables, indexes, and who keeps the server from cleaning up."""
    report = await site.reader.database()
    now = {} if report is None else {"now": report.seen_at}
    return now | {
        "report": report,
        "findings": [] if report is None else await site.reader.findings(report),
        "total_bytes": 0 if report is None else sum(table.table_bytes + table.index_bytes for table in report.tables),
    }
