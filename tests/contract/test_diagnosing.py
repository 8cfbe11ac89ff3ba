"""Finding what usually goes wrong with queues and workers."""

from datetime import timedelta

import pytest

from application.jobs.diagnosing import FindingKind, Severity
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, ReserveStock, SendReceipt

A_DAY = timedelta(days=1)


async def found(world: World) -> dict[FindingKind, tuple[Severity, str]]:
    """Return the kinds that were found, how bad they are and what they are about."""
    return {finding.kind: (finding.severity, finding.about) for finding in await world.room.diagnose()}


class TestDiagnose:
    """Nothing is told of what is well."""

    async def test_an_idle_queue_is_well(self, world: World) -> None:
        """With a worker, and nothing to do."""
        await world.worker({"fraud.check": 25}, lease=A_DAY)

        assert await found(world) == {}

    async def test_jobs_without_a_worker(self, world: World) -> None:
        """They would wait for ever."""
        await world.queue("fraud").enqueue(CheckFraud("A-1001"))

        assert await found(world) == {FindingKind.NO_WORKER: (Severity.ERROR, "fraud")}

    async def test_a_type_that_nobody_knows(self, world: World) -> None:
        """Beside one that somebody knows."""
        await world.queue().enqueue([CheckFraud("A-1001"), SendReceipt("A-1001"), SendReceipt("A-1002")])
        await world.worker({"fraud.check": 25}, lease=A_DAY)

        (finding,) = await world.room.diagnose()

        assert finding.kind is FindingKind.UNKNOWN_TYPE
        assert "knows the type tests.worlds.jobs.SendReceipt; 2 jobs of it cannot start" in finding.found

    async def test_very_many_types_that_nobody_knows(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """All are told, and the jobs of the first of them are counted."""
        monkeypatch.setattr("application.jobs.diagnosing.diagnose._SAMPLE", 5)
        monkeypatch.setattr("application.jobs.diagnosing.diagnose._MOST_COUNTED", 1)
        for order in ("A-1001", "A-1002"):
            await world.queue().enqueue([SendReceipt(order), SendReceipt(order), ReserveStock("WOBBLY-TABLE")])
        await world.worker({"fraud.check": 25}, lease=A_DAY)

        first, second = await world.room.diagnose()

        assert "knows the type tests.worlds.jobs.ReserveStock; 2 jobs of it cannot start" in first.found
        assert "knows the type tests.worlds.jobs.SendReceipt; at least 4 jobs of it cannot start" in second.found

    async def test_a_paused_queue_with_waiting_jobs(self, world: World) -> None:
        """An empty one may be paused for as long as one likes."""
        await world.room.pause("fraud")
        assert await found(world) == {}

        await world.queue("fraud").enqueue(CheckFraud("A-1001"))

        assert await found(world) == {FindingKind.PAUSED_QUEUE: (Severity.WARNING, "fraud")}

    async def test_dead_jobs_are_worth_knowing(self, world: World) -> None:
        """They are not a fault of the queue."""
        await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await world.worker({"fraud.check": 25}, lease=A_DAY)
        await worker.bury(await worker.claim_one())

        assert await found(world) == {FindingKind.DEAD_JOBS: (Severity.NOTICE, "")}

    async def test_workers_of_different_versions(self, world: World) -> None:
        """For a while that is a deployment, then it is one that was forgotten."""
        await world.worker({"fraud.check": 25}, pool_name="old", lease=A_DAY, version="1")
        await world.worker({"fraud.check": 25}, pool_name="new", lease=A_DAY, version="2")
        assert await found(world) == {FindingKind.MIXED_VERSIONS: (Severity.NOTICE, "")}

        world.clock.advance(timedelta(minutes=20))
        third = await world.worker({"fraud.check": 25}, "other", lease=A_DAY, version="2")
        await third.store.heartbeat(third.id)
        for worker in world._workers:
            await worker.store.heartbeat(worker.id)

        assert await found(world) == {FindingKind.MIXED_VERSIONS: (Severity.WARNING, "")}

    async def test_the_worst_comes_first(self, world: World) -> None:
        """And the rest is told, too."""
        await world.room.pause("emails")
        await world.queue("emails").enqueue(SendReceipt("A-1001"))
        await world.queue("fraud").enqueue(CheckFraud("A-1001"))

        findings = await world.room.diagnose()

        assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.WARNING]
