"""Whether workers can connect, and to whom."""

from collections.abc import Iterator, Sequence

from application.jobs.diagnosing.finding import Finding, FindingKind, Severity
from application.jobs.diagnosing.lengths import many
from application.jobs.looking import ConnectionLimit, HealthReport, WorkerRecord

_NEARLY_FULL = 0.9
_ADVICE_OF_SERVER = "raise max_connections"
_ADVICE = {
    "role": "raise its limit: alter role … connection limit",
    "database": "raise its limit: alter database … connection limit",
}


def connection_findings(report: HealthReport, workers: Sequence[WorkerRecord]) -> Iterator[Finding]:
    """Yield limits that are too small, and a pooler that breaks what workers rely on."""
    processes = {(worker.host, worker.pid) for worker in workers}
    wanted = sum(worker.size for worker in workers) + len(processes)
    for limit in (ConnectionLimit("server", report.connection_limit, report.connections), *report.other_limits):
        if wanted > limit.limit:
            yield _too_few(limit, wanted)
        elif limit.connections >= _NEARLY_FULL * limit.limit:
            yield _nearly_full(limit)
    if report.pooler or report.pooled_workers:
        yield _pooler(report.pooled_workers)


def _too_few(limit: ConnectionLimit, wanted: int) -> Finding:
    return Finding(
        FindingKind.CONNECTIONS_SHORT,
        Severity.WARNING,
        _name(limit),
        f"The workers may want {many(wanted, 'connection')}, the {limit.of} allows {limit.limit:,}.",
        "With all places writing at once, some would be refused, and their attempts fail.",
        f"Give the pools fewer places, or {_way_out(limit)}.",
    )


def _nearly_full(limit: ConnectionLimit) -> Finding:
    return Finding(
        FindingKind.CONNECTIONS_SHORT,
        Severity.WARNING,
        _name(limit),
        f"{limit.connections:,} of {many(limit.limit, 'connection')} of the {limit.of} are in use.",
        "When none is left, workers cannot connect anew, and nothing can be enqueued.",
        f"Find out who holds them in pg_stat_activity; use smaller pools, or {_way_out(limit)}.",
    )


def _name(limit: ConnectionLimit) -> str:
    return limit.of.partition(" ")[2]


def _way_out(limit: ConnectionLimit) -> str:
    return _ADVICE.get(limit.of.partition(" ")[0], _ADVICE_OF_SERVER)


def _pooler(workers: int) -> Finding:
    return Finding(
        FindingKind.POOLER,
        Severity.WARNING,
        "",
        f"{many(workers, 'worker pool')} came by way of a pooler."
        if workers
        else "Between here and the server there is a pooler.",
        "Workers cannot rely on LISTEN and session locks through it: idle ones poll, and the jobs of a dead one come "
        "free after its lease instead of at once.",
        "Let workers connect to the server directly; enqueueing may well go through the pooler.",
    )
