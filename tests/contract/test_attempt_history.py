"""What is kept of every attempt."""

from datetime import timedelta

from application.jobs.looking import AttemptOutcome
from domain.jobs import JobState, current_job
from tests.worlds import World
from tests.worlds.jobs import SendReceipt

WORK = timedelta(seconds=3)


class TestAttemptHistory:
    """Numbers, times, outcomes and errors."""

    async def test_failing_twice_and_then_succeeding_leaves_three_attempts(self, world: World) -> None:
        """Each with its start and end, the failed ones with their errors, and the last one successful."""
        queue = world.queue(pool_name="mailroom-1")

        async def send_receipt(job: SendReceipt) -> None:
            world.clock.advance(WORK)
            if current_job().attempt < 3:
                msg = f"no connection at attempt {current_job().attempt}"
                raise ConnectionError(msg)

        await world.run(queue, send_receipt)
        job_id = await queue.enqueue(SendReceipt("A-1001"))
        for times in (1, 2):
            await world.fails(job_id, times)
            world.clock.advance(timedelta(hours=1))
        job = await world.reaches(job_id, JobState.COMPLETED)
        first, second, third = job.attempts

        assert [attempt.number for attempt in job.attempts] == [1, 2, 3]
        assert [attempt.outcome for attempt in job.attempts] == [
            AttemptOutcome.FAILED,
            AttemptOutcome.FAILED,
            AttemptOutcome.COMPLETED,
        ]
        assert [attempt.pool_name for attempt in job.attempts] == ["mailroom-1"] * 3
        assert "no connection at attempt 1" in str(first.error)
        assert "no connection at attempt 2" in str(second.error)
        assert "ConnectionError" in str(second.traceback)
        assert (third.error, third.traceback) == (None, None)
        assert all(a.finished_at is not None and a.finished_at - a.started_at == WORK for a in job.attempts)

    async def test_an_attempt_is_timed_from_its_start_to_its_end(self, world: World) -> None:
        """Failed and completed ones alike; the job ended when its last attempt did."""
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            world.clock.advance(WORK)
            if current_job().attempt == 1:
                raise ConnectionError

        await world.run(queue, send_receipt)
        began_at = world.clock.now()
        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.reaches(job_id, JobState.SCHEDULED)
        world.clock.advance(timedelta(hours=1))
        job = await world.reaches(job_id, JobState.COMPLETED)
        failed, completed = job.attempts

        assert (failed.started_at, failed.finished_at) == (began_at, began_at + WORK)
        assert failed.finished_at is not None
        assert completed.started_at == failed.finished_at + timedelta(hours=1)
        assert completed.finished_at == completed.started_at + WORK == job.finished_at

    async def test_one_that_writes_is_timed_alike(self, world: World) -> None:
        """Its end is that of the job func, not that of its transaction's begin."""
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            await world.write(job.order)
            world.clock.advance(WORK)

        await world.run(queue, send_receipt)
        began_at = world.clock.now()
        job = await world.reaches(await queue.enqueue(SendReceipt("A-1001")), JobState.COMPLETED)

        assert (job.attempts[0].started_at, job.attempts[0].finished_at) == (began_at, began_at + WORK)
        assert job.attempts[0].outcome is AttemptOutcome.COMPLETED

    async def test_a_running_attempt_has_not_ended(self, world: World) -> None:
        """It is shown with who runs it and since when."""
        await world.queue().enqueue(SendReceipt("A-1001"))
        worker = await world.worker({"tests.worlds.jobs.SendReceipt": 25}, pool_name="mailroom-2")
        claimed = await worker.claim_one()

        job = await world.job(claimed.id)

        assert job.state is JobState.RUNNING
        assert [(a.number, a.pool_name, a.outcome) for a in job.attempts] == [(1, "mailroom-2", AttemptOutcome.RUNNING)]
        assert (job.attempts[0].started_at, job.attempts[0].finished_at) == (world.clock.now(), None)
