"""Finding what usually goes wrong."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from application.jobs.diagnosing.finding import Finding, Severity
from application.jobs.diagnosing.lengths import many
from application.jobs.diagnosing.queue_findings import queue_findings, unknown_type, version_findings
from application.jobs.diagnosing.schema_findings import schema_findings
from application.jobs.diagnosing.server_findings import LATELY, server_findings
from application.jobs.looking import (
    Count,
    DatabaseHealth,
    HealthReport,
    JobFilter,
    JobInspection,
    JobListing,
    ListQueues,
    QueueFigures,
    QueueRecord,
    WorkerRecord,
)
from domain.jobs import JobState

_SAMPLE = 1_000
_MOST_COUNTED = 10
"""Unknown types; of others it is told how many were seen."""
_ORDER = tuple(Severity)


class _Unknown(NamedTuple):
    """A type that nobody alive knows."""

    queue: str
    type: str
    seen: Count
    """How many of the jobs that were looked at; exact where these were all that wait."""


class Diagnose:
    """Looks at the database, the queues and the workers, and tells what is wrong and what to do."""

    def __init__(
        self, health: DatabaseHealth, figures: QueueFigures, inspection: JobInspection, listing: JobListing
    ) -> None:
        self._health = health
        self._list_queues = ListQueues(figures)
        self._inspection = inspection
        self._listing = listing

    async def __call__(self) -> list[Finding]:
        """Return what was found, the worst first; nothing where all is well.

        Where the tables are missing or too old, it tells that and looks no further.
        """
        report = await self._health.report()
        if report is not None and not report.is_migrated:
            return list(schema_findings(report))
        queues, workers = await self._list_queues(LATELY), await self._inspection.workers()
        findings = [finding for queue in queues for finding in queue_findings(queue)]
        unknown = [one for queue in queues for one in await self._unknown_types(queue, workers)]
        for index, one in enumerate(unknown):
            waiting = await self._waiting(one, is_counted=index < _MOST_COUNTED)
            findings.append(unknown_type(one.queue, one.type, waiting))
        findings += version_findings(workers)
        if report is not None:
            findings += _of_server(report, queues, workers)
        return _worst_first(findings)

    async def server(self, report: HealthReport) -> list[Finding]:
        """Return what is wrong with the server of which the report tells, the worst first."""
        if not report.is_migrated:
            return list(schema_findings(report))
        queues, workers = await self._list_queues(LATELY), await self._inspection.workers()
        return _worst_first(_of_server(report, queues, workers))

    async def _unknown_types(self, queue: QueueRecord, workers: Sequence[WorkerRecord]) -> list[_Unknown]:
        """Look at the oldest that are ready: what nobody knows stays, and so comes to be among them."""
        crew = [worker for worker in workers if worker.queue == queue.name]
        if not crew or queue.paused_at is not None or not queue.counts[JobState.READY]:
            return []
        ready = JobFilter(queue=queue.name, state=JobState.READY)
        oldest = await self._listing.stretch(ready, after=None, limit=_SAMPLE, newest_first=False)
        known = {name for worker in crew for name in worker.types}
        seen = Counter(job.type for job in oldest.jobs if job.type not in known)
        are_all = len(oldest.jobs) < _SAMPLE
        return [_Unknown(queue.name, name, Count(seen[name], exact=are_all)) for name in sorted(seen)]

    async def _waiting(self, unknown: _Unknown, *, is_counted: bool) -> str:
        if unknown.seen.exact:
            return many(unknown.seen, "job")
        if not is_counted:
            return f"at least {many(int(unknown.seen), 'job')}"
        wanted = JobFilter(queue=unknown.queue, state=JobState.READY, type=unknown.type)
        return many(await self._listing.count(wanted), "job")


def _of_server(report: HealthReport, queues: Sequence[QueueRecord], workers: Sequence[WorkerRecord]) -> list[Finding]:
    ended = sum(queue.completed + queue.failed for queue in queues)
    return [*schema_findings(report), *server_findings(report, workers, ended)]


def _worst_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
