"""Judging what a server tells of itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from application.jobs.diagnosing import FindingKind, Severity
from application.jobs.diagnosing.schema_findings import schema_findings
from application.jobs.diagnosing.server_findings import server_findings
from application.jobs.looking import HealthReport, HolderKind, SnapshotHolder, TableHealth

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIT = HealthReport("17.2", 2, 2, [], [], [], 0.0, 8, 97, pooler=False, autovacuum=True, seen_at=NOW)
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
        ({"pooler": True}, FindingKind.POOLER),
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
        {"connections": 87},
        {"notification_queue_usage": 0.5},
    ],
)
def test_what_is_nearly_wrong_is_not(facts: dict[str, Any]) -> None:
    """A doctor who always finds something is not asked again."""
    assert kinds(replace(FIT, **facts)) == []


def test_a_holder_is_named_with_a_way_to_end_it() -> None:
    """By whatever the server knows it."""
    slot = replace(HOLDER, kind=HolderKind.REPLICATION_SLOT, name="copy", pid=None, user=None, transactions=10**6)
    session, kept = server_findings(replace(FIT, oldest_snapshots=[HOLDER, slot]), [])

    assert session.severity is Severity.WARNING
    assert "5 minutes by the session report, pid 4711, user shop, idle in transaction" in str(session)
    assert "pg_terminate_backend(4711)" in str(session)
    assert "the replication slot copy" in str(kept)
    assert "pg_drop_replication_slot" in str(kept)
