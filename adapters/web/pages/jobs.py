"""Lists of jobs."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request

from adapters.web.addresses import Link, filter_of, link_from, query_of
from adapters.web.pages.bulk_actions import bulk_actions_on
from adapters.web.site import Site
from adapters.web.windows import WINDOWS
from application.jobs.looking import JobFilter
from application.jobs.looking.job_filter import FINISHED
from application.jobs.looking.list_jobs import begins_with_the_newest
from domain.jobs import JobState

_IN_ANY_STATE = ("queue", "type", "text", "oldest")
_WHEN = {
    JobState.SCHEDULED: "Due",
    JobState.READY: "Ready since",
    JobState.RUNNING: "Running since",
    JobState.COMPLETED: "Ended",
    JobState.DEAD: "Died",
    JobState.CANCELLED: "Cancelled",
    None: "Last change",
}


async def jobs(site: Site, request: Request) -> dict[str, Any]:
    """Show the jobs that the address asks for. Raises `InvalidRequest`."""
    wanted, reader = filter_of(request.query_params.get), site.reader
    after, chosen = request.query_params.get("after") or None, request.query_params.get("oldest", "")
    counts = await reader.counts(wanted.queue)
    oldest_first = chosen == "1" if chosen else not begins_with_the_newest(wanted.state)
    kept = query_of(wanted) | ({"oldest": chosen} if chosen else {})
    page = await reader.jobs(wanted, after, newest_first=not oldest_first)
    return {
        "wanted": wanted,
        "is_filtered": _is_filtered(wanted),
        "orders": _orders(wanted.state),
        "oldest_first": oldest_first,
        "is_first": after is None,
        "of_state": partial(_of_state, link_from(request), kept),
        "with_filter": partial(_with_filter, link_from(request), kept),
        "page": page,
        "matching": await reader.matching(wanted),
        "counts": counts,
        "found_at_once": await reader.found_at_once(wanted) if page.is_cut_short else [],
        "queue_names": await reader.queue_names(WINDOWS[0]),
        "known_types": sorted({name for worker in await reader.workers() for name in worker.types}),
        "when_title": _WHEN[wanted.state],
        "has_ended": wanted.state in FINISHED,
        "bulk": bulk_actions_on(wanted),
    }


def _orders(state: JobState | None) -> list[tuple[str, bool]]:
    if begins_with_the_newest(state):
        return [("Newest first", False), ("Oldest first", True)]
    return [("Next first", True), ("Last first", False)]


def _is_filtered(wanted: JobFilter) -> bool:
    fields = (wanted.queue, wanted.type, wanted.text, wanted.error, wanted.worker, wanted.finished_before)
    return any(field is not None for field in fields)


def _of_state(link: Link, kept: Mapping[str, object], state: JobState | None) -> str:
    """Leave out what means something in one state only."""
    common = {name: value for name, value in kept.items() if name in _IN_ANY_STATE}
    return link("/jobs", **{"state": state, **common})


def _with_filter(link: Link, kept: Mapping[str, object], path: str = "/jobs", **changes: object) -> str:
    return link(path, **{**kept, **changes})
