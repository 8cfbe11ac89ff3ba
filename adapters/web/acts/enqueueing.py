"""Enqueueing a job by hand."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from adapters.web.acts.act import Fields, Outcome
from adapters.web.addresses import instant_of, link_from, queue_of, whole
from adapters.web.notices import Notice
from adapters.web.site import Site
from adapters.web.windows import WINDOWS
from domain.jobs import EnqueueFailed, InvalidQueueOption, InvalidRequest

_REFUSED = 422
_EMPTY = {"queue": "", "type": "", "payload": "{}", "priority": "0", "run_at": "", "unchecked": ""}


async def enqueue_form(site: Site, request: Request) -> dict[str, Any]:
    """Show an empty form."""
    return await _form(site, _EMPTY | dict(request.query_params), None)


async def enqueue(site: Site, request: Request, fields: Fields) -> Outcome | Response:
    """Enqueue what was typed, or show it again with what is wrong."""
    typed = {name: fields[name] for name in _EMPTY}
    try:
        job_id = await site.control_room.enqueue(
            typed["type"].strip(),
            typed["payload"],
            queue=queue_of(typed["queue"]) or "",
            priority=whole(typed["priority"]),
            run_at=instant_of(typed["run_at"]) if typed["run_at"] else None,
            unchecked=bool(typed["unchecked"]),
        )
    except (EnqueueFailed, InvalidQueueOption, InvalidRequest) as error:
        return site.page(request, "enqueue.html", await _form(site, typed, str(error)), _REFUSED)
    return Outcome(link_from(request)(f"/jobs/{job_id}"), Notice("ready", f"Job {job_id} is enqueued."))


async def _form(site: Site, typed: Mapping[str, str], problem: str | None) -> dict[str, Any]:
    workers = await site.reader.workers()
    checked = await site.control_room.enqueue.known_types()
    return {
        "typed": typed,
        "problem": problem,
        "checked_types": checked,
        "other_types": sorted({name for worker in workers for name in worker.types}.difference(checked)),
        "queue_names": sorted({"", *await site.reader.queue_names(WINDOWS[0])}),
        "is_live": False,
        "here": "/queues",
    }
