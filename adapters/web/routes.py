"""Which address shows or does what."""

from starlette.routing import Route

from adapters.web.acts import on_job, on_jobs, on_queue
from adapters.web.acts.act import Act, Deed
from adapters.web.acts.enqueueing import enqueue, enqueue_form
from adapters.web.acts.theme import choose_theme
from adapters.web.page import Page, View
from adapters.web.pages.database import database
from adapters.web.pages.dead import dead
from adapters.web.pages.job import job
from adapters.web.pages.jobs import jobs
from adapters.web.pages.overview import overview
from adapters.web.pages.queues import queues
from adapters.web.pages.workers import workers
from adapters.web.site import Site

_PAGES: tuple[tuple[str, str, View], ...] = (
    ("/", "overview.html", overview),
    ("/queues", "queues.html", queues),
    ("/jobs", "jobs.html", jobs),
    ("/dead", "dead.html", dead),
    ("/workers", "workers.html", workers),
    ("/database", "database.html", database),
)
_DEEDS: tuple[tuple[str, Deed], ...] = (
    ("/queues/pause", on_queue.pause),
    ("/queues/resume", on_queue.resume),
    ("/jobs/{job_id}/retry", on_job.retry),
    ("/jobs/{job_id}/cancel", on_job.cancel),
    ("/jobs/{job_id}/delete", on_job.delete),
    ("/jobs/{job_id}/change", on_job.change),
    ("/enqueue", enqueue),
)


def routes_of(site: Site) -> list[Route]:
    """Return them all. What is asked for with GET changes nothing."""
    return [
        *(_get(site, path, template, view) for path, template, view in _PAGES),
        *(_post(site, path, deed) for path, deed in _DEEDS),
        _get(site, "/enqueue", "enqueue.html", enqueue_form, is_for_acting=True),
        *(_confirmation(site, act) for act in on_jobs.ACTIONS),
        *(_post(site, f"/jobs/{act.name}", on_jobs.ActOnJobs(act)) for act in on_jobs.ACTIONS),
        _get(site, "/jobs/{job_id}", "job.html", job),
        Route("/theme", Act(site, choose_theme, is_harmless=True).answer, methods=["POST"]),
        Route("/static/{version}/{name}", site.assets.answer),
    ]


def _confirmation(site: Site, act: on_jobs.BulkAction) -> Route:
    return _get(site, f"/jobs/{act.name}", "confirm.html", on_jobs.Confirmation(act), is_for_acting=True)


def _get(site: Site, path: str, template: str, view: View, *, is_for_acting: bool = False) -> Route:
    here = "/" + path.split("/")[1]
    return Route(path, Page(site, template, here, view, is_for_acting=is_for_acting).answer)


def _post(site: Site, path: str, deed: Deed) -> Route:
    return Route(path, Act(site, deed).answer, methods=["POST"])
