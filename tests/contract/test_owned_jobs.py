"""An attempt that owns its job writes to that job, and to no other."""

from collections.abc import Awaitable, Callable

import pytest

from application.jobs.job_store import ClaimedJob
from domain.jobs import JobState
from tests.worlds import HandWorker, World
from tests.worlds.jobs import CheckFraud

Write = Callable[[HandWorker, ClaimedJob], Awaitable[object]]


async def commit(worker: HandWorker, job: ClaimedJob) -> None:
    """End it well, with an effect."""
    await worker.commit(job, "by an owner")


WRITES = [
    pytest.param(HandWorker.complete, JobState.COMPLETED, id="complete"),
    pytest.param(commit, JobState.COMPLETED, id="commit"),
    pytest.param(HandWorker.retry, JobState.SCHEDULED, id="retry"),
    pytest.param(HandWorker.bury, JobState.DEAD, id="bury"),
    pytest.param(HandWorker.snooze, JobState.SCHEDULED, id="snooze"),
    pytest.param(HandWorker.release, JobState.READY, id="release"),
]


class TestOwner:
    """One worker owns three jobs, each in its first attempt."""

    @pytest.mark.parametrize(("write", "state"), WRITES)
    async def test_ends_its_attempt_at_one_job_and_keeps_the_others(
        self, world: World, write: Write, state: JobState
    ) -> None:
        """They run on, and each of them can still be completed."""
        worker = await world.worker({"fraud.check": 25})
        await world.queue().enqueue([CheckFraud(f"A-{number}") for number in range(3)])
        first, second, third = await worker.claim()

        await write(worker, second)

        assert await world.state_of(second.id) is state
        assert await world.counts() == {state: 1, JobState.RUNNING: 2}
        assert await worker.complete(first)
        assert await worker.complete(third)
