"""Acting on one job."""

from starlette.requests import Request

from adapters.web.acts.act import Fields, Outcome
from adapters.web.addresses import instant_of, link_from, whole
from adapters.web.notices import Notice
from adapters.web.pages.job import job_id_of
from adapters.web.site import Site
from application.jobs.acting import Cancelled
from domain.jobs import JobId


async def retry(site: Site, request: Request, _fields: Fields) -> Outcome:
    """Let it run now."""
    job_id = job_id_of(request)
    await site.control_room.retry(job_id)
    return _back_to(request, job_id, Notice("ready", f"Job {job_id} is ready to run."))


async def cancel(site: Site, request: Request, _fields: Fields) -> Outcome:
    """Call it off."""
    job_id = job_id_of(request)
    done = await site.control_room.cancel(job_id) is Cancelled.NOW
    text = f"Job {job_id} is cancelled." if done else f"The worker of job {job_id} is told to stop it."
    return _back_to(request, job_id, Notice("cancelled", text))


async def delete(site: Site, request: Request, _fields: Fields) -> Outcome:
    """Remove it."""
    job_id = job_id_of(request)
    await site.control_room.delete(job_id)
    return Outcome(link_from(request)("/jobs"), Notice("cancelled", f"Job {job_id} is deleted."))


async def change(site: Site, request: Request, fields: Fields) -> Outcome:
    """Change its priority and its time, of which the form shows seconds: only what differs is changed."""
    job_id = job_id_of(request)
    run_at = fields["run_at"] if fields["run_at"] != fields["run_at_before"] else ""
    await site.control_room.change(
        job_id,
        priority=whole(fields["priority"]),
        run_at=instant_of(run_at) if run_at else None,
    )
    return _back_to(request, job_id, Notice("completed", f"Job {job_id} is changed."))


def _back_to(request: Request, job_id: JobId, notice: Notice) -> Outcome:
    return Outcome(link_from(request)(f"/jobs/{job_id}"), notice)
