"""Looking at jobs, and acting on one."""

from datetime import timedelta

import pytest

from application.jobs.looking import AttemptOutcome
from domain.jobs import Discard, JobId, JobNotFound, JobState, RetryPolicy, WrongJobState, current_job
from tests.worlds import HandWorker, World
from tests.worlds.jobs import CheckFraud

A_DAY = timedelta(days=1)
UNKNOWN = JobId(1_001_001)


async def a_worker(world: World) -> HandWorker:
    """Return one that knows the jobs of these tests."""
    return await world.worker({"fraud.check": 25}, lease=timedelta(days=100))


class TestRetryByHand:
    """A dead, cancelled or scheduled job runs now."""

    async def test_a_dead_job_runs_again_with_all_its_attempts_anew(self, world: World) -> None:
        """Its history is kept."""
        queue = world.queue()
        attempts: list[int] = []

        async def check_fraud(job: CheckFraud) -> None:
            attempts.append(current_job().attempt)
            if len(attempts) <= 3:
                raise ConnectionError

        await world.run(queue, check_fraud, retry=RetryPolicy(max_attempts=2, base=timedelta(0)))
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await world.reaches(job_id, JobState.DEAD)
        await world.operations.retry(job_id)
        job = await world.reaches(job_id, JobState.COMPLETED)

        assert attempts == [1, 2, 1, 2]
        assert [attempt.outcome for attempt in job.attempts] == [AttemptOutcome.FAILED] * 3 + [AttemptOutcome.COMPLETED]

    async def test_an_idle_pool_is_woken(self, world: World) -> None:
        """However long its poll interval is."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        calls: list[int] = []

        async def check_fraud(job: CheckFraud) -> None:
            calls.append(1)
            if len(calls) == 1:
                raise Discard

        await world.run(queue, check_fraud)
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await world.reaches(job_id, JobState.DEAD)

        await world.operations.retry(job_id)

        await world.reaches(job_id, JobState.COMPLETED)

    async def test_a_scheduled_job_does_not_wait_any_longer(self, world: World) -> None:
        """It keeps the attempts it used."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        attempts: list[int] = []

        async def check_fraud(job: CheckFraud) -> None:
            attempts.append(current_job().attempt)
            if len(attempts) == 1:
                raise ConnectionError

        await world.run(queue, check_fraud, retry=RetryPolicy(base=A_DAY, cap=A_DAY))
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await world.fails(job_id, 1)
        await world.operations.retry(job_id)
        await world.reaches(job_id, JobState.COMPLETED)

        assert attempts == [1, 2]

    async def test_a_cancelled_job_is_ready_again(self, world: World) -> None:
        """Whoever called it off may change their mind."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"), run_at=world.clock.now() + A_DAY)
        await world.operations.cancel(job_id)

        await world.operations.retry(job_id)

        job = await (await a_worker(world)).claim_one()
        assert (job.id, job.attempt) == (job_id, 1)

    async def test_one_that_is_ready_running_or_completed_is_left_alone(self, world: World) -> None:
        """The error tells its state and what would be allowed."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world)

        with pytest.raises(WrongJobState, match=r"is ready; only dead, cancelled or scheduled"):
            await world.operations.retry(job_id)
        job = await worker.claim_one()
        with pytest.raises(WrongJobState, match="is running"):
            await world.operations.retry(job_id)
        assert await worker.complete(job)
        with pytest.raises(WrongJobState, match="is completed"):
            await world.operations.retry(job_id)

    async def test_an_unknown_job_is_refused(self, world: World) -> None:
        """There is nothing to retry."""
        with pytest.raises(JobNotFound, match="1001001"):
            await world.operations.retry(UNKNOWN)


class TestCancel:
    """A scheduled or ready job is called off."""

    @pytest.mark.parametrize("delay", [timedelta(0), A_DAY])
    async def test_it_does_not_run(self, world: World, delay: timedelta) -> None:
        """Neither now nor when its time comes."""
        queue = world.queue()
        job_id = await queue.enqueue(CheckFraud("A-1001"), run_at=world.clock.now() + delay)

        await world.operations.cancel(job_id)
        world.clock.advance(delay)
        worker = await a_worker(world)
        await worker.store.promote()

        assert await worker.claim() == []
        job = await world.job(job_id)
        assert (job.state, job.attempts) == (JobState.CANCELLED, ())
        assert job.finished_at == world.clock.now() - delay

    async def test_one_that_is_running_or_finished_is_left_alone(self, world: World) -> None:
        """The error tells its state and what would be allowed."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await a_worker(world)
        job = await worker.claim_one()

        assert await worker.bury(job)
        with pytest.raises(WrongJobState, match="is dead"):
            await world.operations.cancel(job_id)

    async def test_an_unknown_job_is_refused(self, world: World) -> None:
        """There is nothing to call off."""
        with pytest.raises(JobNotFound):
            await world.operations.cancel(UNKNOWN)


class TestInspection:
    """Looks, and changes nothing."""

    async def test_counts_the_jobs_of_a_queue_in_every_state(self, world: World) -> None:
        """Zeros included; without a queue it counts them all."""
        queue = world.queue("security")
        worker = await world.worker({"fraud.check": 25}, queue="security")
        tomorrow = world.clock.now() + A_DAY
        for end in (worker.complete, worker.bury):
            await queue.enqueue(CheckFraud("A-1001"))
            await end(await worker.claim_one())
        await queue.enqueue(CheckFraud("A-1002"))
        await worker.claim_one()
        await queue.enqueue(CheckFraud("A-1003"))
        scheduled, cancelled = await queue.enqueue([CheckFraud("A-1004"), CheckFraud("A-1005")], run_at=tomorrow)
        await world.operations.cancel(cancelled)
        await world.queue("elsewhere").enqueue(CheckFraud("A-1006"))

        assert scheduled != cancelled
        assert await world.inspection.counts("security") == dict.fromkeys(JobState, 1)
        assert await world.inspection.counts("nowhere") == dict.fromkeys(JobState, 0)
        assert await world.inspection.counts() == {**dict.fromkeys(JobState, 1), JobState.READY: 2}

    async def test_tells_what_concerns_a_job_and_nothing_of_another(self, world: World) -> None:
        """Who ran it and runs it, whether it is to be called off, and since when its queue is paused."""
        workers = {name: await world.worker({"fraud.check": 25}, name, pool_name=name) for name in ("mail", "paper")}
        ids = {name: await world.queue(name).enqueue(CheckFraud("A-1001")) for name in workers}
        jobs = {name: await worker.claim_one() for name, worker in workers.items()}
        await world.operations.cancel(ids["mail"])
        await world.room.pause("mail")

        for _ in range(2):  # while they run, and when they have completed
            mail, paper = [await world.job(ids[name]) for name in workers]
            assert [[attempt.pool_name for attempt in job.attempts] for job in (mail, paper)] == [["mail"], ["paper"]]
            assert (mail.queue_paused_at, paper.queue_paused_at) == (world.clock.now(), None)
            assert paper.cancel_requested_at is None
            for name, worker in workers.items():
                await worker.complete(jobs[name])

    async def test_tells_the_time_of_the_store(self, world: World) -> None:
        """From which everybody counts, whatever the host thinks."""
        world.clock.advance(timedelta(days=400))

        assert await world.room.now() == world.clock.now()

    async def test_an_unknown_job_is_not_found(self, world: World) -> None:
        """The error tells which."""
        with pytest.raises(JobNotFound, match="1001001") as not_found:
            await world.inspection.job(UNKNOWN)

        assert not_found.value.job_id == UNKNOWN
