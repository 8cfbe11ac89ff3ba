"""What makes a worker process alive, and what makes it ready."""

import asyncio
from dataclasses import replace

import pytest

from adapters.memory import InMemoryProbe
from application.jobs.pulse import Pulse
from application.jobs.worker_health import DatabaseProbe, SchemaVersions, WorkerHealth

WELL = Pulse(queue="", pool_name="worker-1", running=3, late=0.0, since_claim=0.4, poll_interval=5.0)


class Database(DatabaseProbe):
    """One that answers as it is told."""

    def __init__(self, answer: SchemaVersions | Exception) -> None:
        self._answer = answer

    async def schema_versions(self) -> SchemaVersions:
        """Answer, or fail."""
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


async def failing(health: WorkerHealth) -> dict[str, str]:
    """Return the checks for readiness that fail."""
    return {check.name: check.detail for check in await health.ready() if not check.ok}


def worker(*pulses: Pulse | None, database: DatabaseProbe | None = None) -> WorkerHealth:
    """Return the health of a process with these pools."""
    return WorkerHealth(database or InMemoryProbe(), lambda: pulses)


async def test_a_worker_that_does_its_work_is_alive_and_ready() -> None:
    """Everything that is looked at is told."""
    health = worker(WELL, replace(WELL, queue="emails"))

    assert [(check.name, check.ok) for check in await health.ready()] == [
        ("database", True),
        ("schema", True),
        ("loops of queue default", True),
        ("claims of queue default", True),
        ("loops of queue emails", True),
        ("claims of queue emails", True),
    ]
    assert all(check.ok for check in await health.live())


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (ConnectionRefusedError("10.0.0.7 said no"), {"database": "cannot be reached: ConnectionRefusedError"}),
        (SchemaVersions(applied=1, needed=2), {"schema": "version 1, 2 is needed: migrate"}),
        (SchemaVersions(applied=0, needed=2), {"schema": "version 0, 2 is needed: migrate"}),
    ],
)
async def test_without_its_database_a_worker_is_alive_but_not_ready(
    answer: SchemaVersions | Exception,
    problem: dict[str, str],
) -> None:
    """The kind of error is told, and not where the database is. A restart would not help."""
    health = worker(WELL, database=Database(answer))

    assert await failing(health) == problem
    assert all(check.ok for check in await health.live())


async def test_a_newer_schema_is_current() -> None:
    """A migration comes before the new version of the application."""
    assert await failing(worker(WELL, database=Database(SchemaVersions(applied=3, needed=2)))) == {}


async def test_a_database_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks has little patience."""
    monkeypatch.setattr("application.jobs.worker_health._PATIENCE", 0.0)

    class Silence(DatabaseProbe):
        async def schema_versions(self) -> SchemaVersions:
            await asyncio.Event().wait()
            raise AssertionError

    assert await failing(worker(WELL, database=Silence())) == {"database": "did not answer within 0 s"}


@pytest.mark.parametrize(
    ("pulse", "problem"),
    [
        (replace(WELL, late=61.0), {"loops of queue default": "late by 61 s"}),
        (replace(WELL, since_claim=None), {"claims of queue default": "none yet"}),
        (replace(WELL, since_claim=76.0), {"claims of queue default": "last one 76.0 s ago"}),
        (None, {"pool": "does not run"}),
    ],
)
async def test_a_pool_that_does_not_get_to_its_jobs_is_not_ready(pulse: Pulse | None, problem: dict[str, str]) -> None:
    """A loop that does not turn, claims that are missing, a pool that was shut down."""
    health = worker(pulse)

    assert await failing(health) == problem
    assert all(check.ok for check in await health.live())


async def test_few_claims_are_recent_where_few_are_wanted() -> None:
    """The poll interval says how often."""
    assert await failing(worker(replace(WELL, since_claim=1_000.0, poll_interval=600.0))) == {}


async def test_a_loop_that_hangs_for_good_needs_a_restart() -> None:
    """No statement takes that long, and no waiting for others."""
    assert [check.ok for check in await worker(replace(WELL, late=301.0)).live()] == [True, False]


async def test_a_worker_that_left_too_many_threads_behind_is_to_be_replaced() -> None:
    """A few are told of."""
    few, many = replace(WELL, left_behind=3), replace(WELL, left_behind=100)

    assert [(check.ok, check.detail) for check in await worker(few).live()][-1] == (True, "3 left behind")
    assert [(check.ok, check.detail) for check in await worker(many).live()][-1] == (False, "100 left behind")
