"""Enqueueing a job from JSON."""

import json
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, cast

from application.jobs.acting.hand_intake import HandIntake
from application.jobs.job_store import Enqueueing
from application.jobs.looking.inspection import JobInspection
from application.jobs.new_jobs import checked_priority, checked_run_at, enqueueing_of
from application.jobs.options import check_queue_name
from application.jobs.payloads import Payloads
from application.jobs.telemetry import Telemetry
from domain.jobs import (
    InvalidRequest,
    JobId,
    UnknownJobType,
    UnreadablePayload,
    former_job_types_of,
    job_type_of,
)

_LONGEST = 1_000_000


class EnqueueByHand:
    """Enqueues what somebody typed, once it is sure that a job func will understand it."""

    def __init__(
        self,
        intake: HandIntake,
        inspection: JobInspection,
        payloads: Payloads,
        telemetry: Telemetry,
        job_classes: Iterable[type[object]],
    ) -> None:
        """Know the types of `job_classes`, and which types the living workers know."""
        self._intake = intake
        self._inspection = inspection
        self._payloads = payloads
        self._telemetry = telemetry
        self._classes = {name: job_class for job_class in job_classes for name in _names(job_class)}

    async def known_types(self) -> list[str]:
        """Return the types whose payloads can be checked here, sorted."""
        return sorted(self._classes)

    async def __call__(
        self,
        job_type: str,
        payload: str,
        *,
        queue: str = "",
        priority: int = 0,
        run_at: datetime | None = None,
        unchecked: bool = False,
    ) -> JobId:
        """Enqueue a job of this type, whose fields are the JSON object `payload`, and return its id.

        The payload is read as the class of the type, as a worker would. A type that only living workers
        know is taken with `unchecked`, as it is: where it does not fit, the job ends dead.

        Raises `UnknownJobType` naming those that are known, `InvalidRequest` where the payload does not
        fit, and whatever `enqueue` raises for the other arguments.
        """
        check_queue_name(queue)
        job_class = self._classes.get(job_type)
        if job_class is not None:
            job = self._read(payload, job_type, job_class)
            enqueueing = enqueueing_of([job], run_at, priority, self._payloads)
        else:
            await self._check_type(job_type, unchecked=unchecked)
            enqueueing = Enqueueing(
                jobs=[(job_type, _checked_object(payload))],
                run_at=checked_run_at(run_at),
                priority=checked_priority(priority),
                carrier=None,
            )
        with self._telemetry.sending(queue, enqueueing, batch=False) as sending:
            ids = await self._intake.enqueue(queue, replace(enqueueing, carrier=sending.carrier))
            sending.sent(ids)
        return ids[0]

    def _read(self, payload: str, job_type: str, job_class: type[object]) -> object:
        try:
            job = self._payloads.decode(payload, job_class)
        except UnreadablePayload as error:
            msg = f"the payload does not fit the job type {job_type!r}: {error.reason}"
            raise InvalidRequest(msg) from error
        # A worker passes over what a later version may have added; somebody's typing error must not pass.
        names = {field.name for field in fields(cast("type[Any]", job_class))}
        for name in _object_of(payload):
            if name not in names:
                msg = f"the job type {job_type!r} has no field {name!r:.100}, it has: {', '.join(sorted(names))}"
                raise InvalidRequest(msg)
        return job

    async def _check_type(self, job_type: str, *, unchecked: bool) -> None:
        of_workers = {name for worker in await self._inspection.workers() for name in worker.types}
        if job_type not in of_workers or not unchecked:
            raise UnknownJobType(job_type, sorted(self._classes), sorted(of_workers - self._classes.keys()))


def _names(job_class: type) -> tuple[str, ...]:
    return (job_type_of(job_class), *former_job_types_of(job_class))


def _checked_object(payload: str) -> str:
    _object_of(payload)
    if "\\u0000" in payload or "\0" in payload or len(payload) > _LONGEST:
        msg = f"the payload holds NUL, or more than {_LONGEST} characters"
        raise InvalidRequest(msg)
    return payload


def _object_of(payload: str) -> dict[str, Any]:
    try:
        value: Any = json.loads(payload, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        msg = f"the payload is not JSON: {error}"
        raise InvalidRequest(msg) from error
    if not isinstance(value, dict):
        msg = "the payload is not a JSON object"
        raise InvalidRequest(msg)
    return cast("dict[str, Any]", value)


def _refuse(constant: str) -> object:
    msg = f"{constant} is no JSON"
    raise ValueError(msg)
