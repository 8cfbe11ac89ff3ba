"""Pausing and resuming."""

from starlette.requests import Request

from adapters.web.acts.act import Fields, Outcome
from adapters.web.addresses import link_from, queue_of
from adapters.web.formatting import queue_name
from adapters.web.notices import Notice
from adapters.web.site import Site


async def pause(site: Site, request: Request, fields: Fields) -> Outcome:
    """Let nobody take jobs from a queue."""
    queue = queue_of(fields["queue"]) or ""
    await site.control_room.pause(queue)
    text = f"{queue_name(queue)} is paused: no job is taken until it is resumed."
    return Outcome(link_from(request)("/queues"), Notice("paused", text))


async def resume(site: Site, request: Request, fields: Fields) -> Outcome:
    """Let a queue go on."""
    queue = queue_of(fields["queue"]) or ""
    await site.control_room.resume(queue)
    return Outcome(link_from(request)("/queues"), Notice("running", f"{queue_name(queue)} goes on."))
