"""Acting on all jobs that match, after saying how many they are."""

from typing import Any, Final, NamedTuple

from starlette.requests import Request

from adapters.web.acts.act import Fields, Outcome, Part
from adapters.web.addresses import filter_of, link_from, query_in_form, query_of, whole
from adapters.web.formatting import moment, number, queue_name
from adapters.web.notices import Notice
from adapters.web.site import Site
from application.jobs.acting import ManyJobs
from application.jobs.looking import JobFilter
from domain.jobs import JobState


class BulkAction(NamedTuple):
    """What is done to many jobs, in words."""

    name: str
    sign: str
    consequence: str
    done: str


RETRY: Final = BulkAction(
    "retry", "ready", "Each becomes ready to run at once, with all its attempts anew.", "ready to run"
)
CANCEL: Final = BulkAction("cancel", "cancelled", "None of them will run. They can be retried later.", "cancelled")
STOP: Final = CANCEL._replace(
    consequence="Their workers are told to stop them. What completes first stays completed; the others can be retried.",
    done="told to stop",
)
"""What it is to cancel those that run."""
DELETE: Final = BulkAction("delete", "dead", "They are gone for good, and their history with them.", "deleted")
ACTIONS = (RETRY, CANCEL, DELETE)


class Confirmation:
    """Says how many jobs an action would touch. Changes nothing."""

    def __init__(self, action: BulkAction) -> None:
        self._action = action

    async def __call__(self, site: Site, request: Request, /) -> dict[str, Any]:
        """Count. Raises `InvalidRequest`."""
        wanted = filter_of(request.query_params.get)
        count = await _on(site, self._action).count(wanted)
        link, said = link_from(request), _said(self._action, wanted)
        return {
            "action": said.name,
            "sign": said.sign,
            "consequence": said.consequence,
            "count": count,
            "criteria": _criteria(wanted),
            "hidden": {name: value for name, value in request.query_params.items() if name != "token"},
            "back_to": link("/jobs", **query_of(wanted)),
            "is_live": False,
        }


class ActOnJobs:
    """Touches every job that matches: so many as it can in a few seconds, and the others when it is asked to go on."""

    def __init__(self, action: BulkAction) -> None:
        self._action = action

    async def __call__(self, site: Site, request: Request, fields: Fields, /) -> Outcome | Part:
        """Do it, and tell how many there were, or were so far. Raises `InvalidRequest`."""
        wanted = filter_of(fields.get)
        act, said = _on(site, self._action), _said(self._action, wanted)
        before = whole(fields["done"]) if fields["done"] else 0
        portion = await act.portion(wanted, within=site.options.longest_act, rest=fields["rest"] or None)
        done = before + portion.touched
        back_to = link_from(request)("/jobs", **query_of(wanted))
        criteria = _criteria(wanted)
        for_the_log = (
            f"{_are(portion.touched, said)}, of {', '.join(f'{name} {str(value)!r}' for name, value in criteria)}"
        )
        if portion.rest is None:
            return Outcome(back_to, Notice(said.sign, f"{_are(done, said)}."), said=for_the_log)
        context = {
            "said": said,
            "done": done,
            "left": await act.count(wanted),
            "criteria": criteria,
            "hidden": {**query_in_form(wanted), "rest": portion.rest, "done": str(done)},
            "back_to": back_to,
            "here": "/jobs",
        }
        return Part(site.page(request, "progress.html", context), for_the_log)


def _are(done: int, said: BulkAction) -> str:
    return f"{number(done)} {'job is' if done == 1 else 'jobs are'} {said.done}"


def _said(action: BulkAction, wanted: JobFilter) -> BulkAction:
    return STOP if action is CANCEL and wanted.state is JobState.RUNNING else action


def _on(site: Site, action: BulkAction) -> ManyJobs:
    if action is RETRY:
        return site.control_room.retry_many
    return site.control_room.cancel_many if action is CANCEL else site.control_room.delete_many


def _criteria(wanted: JobFilter) -> list[tuple[str, str]]:
    fields = {
        "State": wanted.state,
        "Queue": None if wanted.queue is None else queue_name(wanted.queue),
        "Type": wanted.type,
        "Text in the payload": wanted.text,
        "Died of": wanted.error,
        "Ended before": None if wanted.finished_before is None else moment(wanted.finished_before),
        "Worker": None if wanted.worker is None else str(wanted.worker),
    }
    return [(name, value) for name, value in fields.items() if value is not None]
