"""Judging what a server tells of itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from application.jobs.diagnosing import FindingKind, Severity
from application.jobs.diagnosing.schema_findings import schema_findings
from application.jobs.diagnosing.server_findings import server_findings
from application.jobs.looking import ConnectionLimit, HealthReport, HolderKind, SnapshotHolder, TableHealth

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIT = HealthReport(
    server_version="17.2",
    schema_version=2,
    needed_version=2,
    tables=[],
    indexes=[],
    oldest_snapshots=[],
    notification_queue_usage=0.0,
    connections=8,
    connection_limit=97,
    other_limits=[],
    pooler=False,
    pooled_workers=0,
    autovacuum=True,
    migrated_at=NOW - 11 * MINUTE,
    seen_at=NOW,
)
SHOP = ConnectionLimit("role shop", 20, 5)
HOLDER = SnapshotHolder(
    HolderKind.SESSION, "report", 4711, "shop", "idle in transaction", 5 * MINUTE, 10, "select 1", NOW
)
JOBS = TableHealth("jobs", 10, 10_000, 1, 1, NOW - 11 * MINUTE, None, vacuum_due=True)


def kinds(report: HealthReport) -> list[FindingKind]:
    """Return what is found."""
    return [finding.kind for finding in (*schema_findings(report), *server_findings(report, []))]


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"oldest_snapshots": [HOLDER]}, FindingKind.HELD_SNAPSHOT),
        ({"oldest_snapshots": [replace(HOLDER, age=None, transactions=1_000_000)]}, FindingKind.HELD_SNAPSHOT),
        ({"tables": [JOBS]}, FindingKind.VACUUM_BEHIND),
        ({"tables": [replace(JOBS, last_vacuum=None)]}, FindingKind.VACUUM_BEHIND),
        ({"autovacuum": False}, FindingKind.AUTOVACUUM_OFF),
        ({"connections": 88}, FindingKind.CONNECTIONS_SHORT),
        ({"other_limits": [replace(SHOP, connections=18)]}, FindingKind.CONNECTIONS_SHORT),
        ({"other_limits": [replace(SHOP, limit=0)]}, FindingKind.CONNECTIONS_SHORT),
        ({"pooler": True}, FindingKind.POOLER),
        ({"pooled_workers": 1}, FindingKind.POOLER),
        ({"notification_queue_usage": 0.51}, FindingKind.NOTIFICATIONS_FULL),
        ({"schema_version": 0}, FindingKind.NOT_MIGRATED),
        ({"schema_version": 1}, FindingKind.NOT_MIGRATED),
        ({"schema_version": 3}, FindingKind.NEWER_SCHEMA),
    ],
)
def test_what_is_wrong_is_found(facts: dict[str, Any], kind: FindingKind) -> None:
    """And nothing else."""
    assert kinds(replace(FIT, **facts)) == [kind]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"oldest_snapshots": [replace(HOLDER, age=5 * MINUTE - timedelta(seconds=1), transactions=999_999)]},
        {"tables": [replace(JOBS, dead_rows=9_999)]},
        {"tables": [replace(JOBS, vacuum_due=False)]},
        {"tables": [replace(JOBS, last_vacuum=NOW - 9 * MINUTE)]},
        {"tables": [replace(JOBS, last_vacuum=None)], "migrated_at": NOW - 10 * MINUTE},
        {"connections": 87},
        {"other_limits": [replace(SHOP, connections=17)]},
        {"notification_queue_usage": 0.5},
    ],
)
def test_what_is_nearly_wrong_is_not(facts: dict[str, Any]) -> None:
    """A doctor who always finds something is not asked again."""
    assert kinds(replace(FIT, **facts)) == []


def test_dead_rows_of_the_last_minutes_are_no_backlog() -> None:
    """After a quiet night, vacuum cannot have come for what the first burst of the day has left."""
    report = replace(FIT, tables=[replace(JOBS, dead_rows=40_000, last_vacuum=NOW - 600 * MINUTE)])

    assert [len(list(server_findings(report, [], ended))) for ended in (0, 10_000, 10_001)] == [1, 1, 0]


def test_neither_are_those_of_jobs_that_are_in_no_statistics_yet() -> None:
    """At full speed they are most of a burst."""
    report = replace(FIT, tables=[replace(JOBS, dead_rows=40_000)])

    assert [kinds(replace(report, ended_uncounted=ended)) for ended in (10_000, 10_001)] == [
        [FindingKind.VACUUM_BEHIND],
        [],
    ]


def test_a_holder_is_named_with_a_way_to_end_it() -> None:
    """By whatever the server knows it."""
    slot = replace(HOLDER, kind=HolderKind.REPLICATION_SLOT, name="copy", pid=None, user=None, transactions=10**6)
    session, kept = server_findings(replace(FIT, oldest_snapshots=[HOLDER, slot]), [])

    assert session.severity is Severity.WARNING
    assert "5 minutes by the session report, pid 4711, user shop, idle in transaction" in str(session)
    assert "pg_terminate_backend(4711)" in str(session)
    assert "the replication slot copy" in str(kept)
    assert "pg_drop_replication_slot" in str(kept)
