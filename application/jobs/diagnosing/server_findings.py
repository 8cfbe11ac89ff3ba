"""Whether the database server is fit."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from application.jobs.diagnosing.connection_findings import connection_findings
from application.jobs.diagnosing.finding import Finding, FindingKind, Severity
from application.jobs.diagnosing.lengths import about, many
from application.jobs.looking import HealthReport, HolderKind, SnapshotHolder, TableHealth, WorkerRecord

_LONG = timedelta(minutes=5)
_MANY_TRANSACTIONS = 1_000_000
_MANY_DEAD_ROWS = 10_000
_DEAD_ROWS_OF_AN_ATTEMPT = 3
LATELY = timedelta(minutes=10)
"""Within this time, vacuum comes."""

_HALF = 0.5


def server_findings(report: HealthReport, workers: Sequence[WorkerRecord], ended_lately: int = 0) -> Iterator[Finding]:
    """Yield what is wrong with the server, or between it and the workers.

    `ended_lately` are the attempts of the last ten minutes, whose dead rows nobody can have cleaned up yet.
    """
    yield from _snapshots(report)
    yield from _vacuum(report, ended_lately)
    yield from connection_findings(report, workers)
    if report.notification_queue_usage > _HALF:
        yield Finding(
            FindingKind.NOTIFICATIONS_FULL,
            Severity.ERROR,
            "",
            f"The notification queue of the server is full to {report.notification_queue_usage:.0%}.",
            "When it is full, every transaction that notifies fails at its commit: nothing can be enqueued.",
            "Some session listens inside a transaction that does not end; find it among the oldest, and end it.",
        )


def _snapshots(report: HealthReport) -> Iterator[Finding]:
    for holder in report.oldest_snapshots:
        if _holds_for_long(holder):
            since = f"for {about(holder.age)}" if holder.age else f"for {many(holder.transactions, 'transaction')}"
            yield Finding(
                FindingKind.HELD_SNAPSHOT,
                Severity.WARNING,
                holder.name,
                f"A snapshot is held {since} by {_who(holder)}.",
                "Until it is let go, the server cannot clean up what has changed since, and everything slows down.",
                _how_to_end(holder),
            )


def _holds_for_long(holder: SnapshotHolder) -> bool:
    return (holder.age or timedelta(0)) >= _LONG or holder.transactions >= _MANY_TRANSACTIONS


def _who(holder: SnapshotHolder) -> str:
    facts = [
        f"the {holder.kind} {holder.name or 'without a name'}",
        f"pid {holder.pid}" if holder.pid else "",
        f"user {holder.user}" if holder.user else "",
        holder.state or "",
    ]
    return ", ".join(fact for fact in facts if fact)


def _how_to_end(holder: SnapshotHolder) -> str:
    if holder.kind is HolderKind.SESSION:
        return f"Find out what it does; to end it: select pg_terminate_backend({holder.pid})."
    if holder.kind is HolderKind.PREPARED_TRANSACTION:
        return "Commit it, or roll it back: rollback prepared with its name."
    return "Let its consumer catch up, or drop the slot: select pg_drop_replication_slot with its name."


def _vacuum(report: HealthReport, ended_lately: int) -> Iterator[Finding]:
    if not report.autovacuum:
        yield Finding(
            FindingKind.AUTOVACUUM_OFF,
            Severity.ERROR,
            "",
            "Autovacuum is switched off on this server.",
            "Nobody cleans up the rows of finished jobs: tables grow, and claims slow down.",
            "Set autovacuum = on and track_counts = on, and reload the server.",
        )
    for table in report.tables:
        if _is_behind(table, report, ended_lately):
            last = (
                f"vacuumed {about(report.seen_at - table.last_vacuum)} ago" if table.last_vacuum else "never vacuumed"
            )
            yield Finding(
                FindingKind.VACUUM_BEHIND,
                Severity.WARNING,
                table.name,
                f"The table {table.name} has {many(table.dead_rows, 'dead row')}, and was {last}.",
                "Autovacuum should have come; it is too slow for this load, or something holds a snapshot.",
                "End what holds a snapshot; else raise autovacuum_vacuum_cost_limit, or autovacuum_max_workers.",
            )


def _is_behind(table: TableHealth, report: HealthReport, ended_lately: int) -> bool:
    ended = ended_lately + report.ended_uncounted
    if not table.vacuum_due or table.dead_rows - _DEAD_ROWS_OF_AN_ATTEMPT * ended < _MANY_DEAD_ROWS:
        return False
    since = table.last_vacuum or report.migrated_at
    return since is not None and report.seen_at - since > LATELY
