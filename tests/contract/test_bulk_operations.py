"""Acting on every job that matches."""

from datetime import timedelta

import pytest

from application.jobs.acting import Retention
from application.jobs.looking import JobFilter
from domain.jobs import InvalidRequest, JobId, JobState
from tests.worlds import HandWorker, World
from tests.worlds.jobs import CheckFraud, SendReceipt

DEAD = JobFilter(state=JobState.DEAD)
A_DAY = timedelta(days=1)


async def a_worker(world: World) -> HandWorker:
    """Return one that is not taken for dead."""
    return await world.worker({"fraud.check": 25, "tests.worlds.jobs.SendReceipt": 25}, lease=timedelta(days=99))


async def dead(world: World, worker: HandWorker, number: int) -> list[JobId]:
    """Return so many dead jobs."""
    ids = await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(number)])
    for job in await worker.claim(number):
        await worker.bury(job)
    return ids


class TestRetryMany:
    """Those that match are ready again, with all their attempts anew."""

    async def test_says_first_how_many_and_then_how_many_it_were(self, world: World) -> None:
        """Jobs of another kind are left alone."""
        worker = await a_worker(world)
        ids = await dead(world, worker, 3)
        other = await world.queue().enqueue(SendReceipt("A-1001"))
        await worker.bury(await worker.claim_one())
        wanted = JobFilter(state=JobState.DEAD, type="fraud.check")

        count = await world.room.retry_many.count(wanted)
        retried = await world.room.retry_many(wanted)

        assert (count, count.exact, retried) == (3, True, 3)
        assert await world.state_of(other) is JobState.DEAD
        assert [(job.id, job.attempt) for job in await worker.claim()] == [(job_id, 1) for job_id in ids]

    async def test_more_than_a_batch(self, world: World) -> None:
        """It tells how far it has come."""
        ids = await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(1_100)])
        assert await world.room.cancel_many(JobFilter(state=JobState.READY)) == 1_100
        told: list[int] = []

        assert await world.room.retry_many(JobFilter(state=JobState.CANCELLED), told.append) == 1_100

        assert told == [500, 1_000, 1_100]
        assert await world.counts() == {JobState.READY: len(ids)}

    async def test_wakes_the_workers(self, world: World) -> None:
        """And those that die again meanwhile are not met again."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        worker = await a_worker(world)
        ids = await dead(world, worker, 5)
        world.clock.advance(A_DAY)
        checked: list[str] = []

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await world.run(queue, check_fraud)
        await world.room.retry_many(DEAD)

        for job_id in ids:
            await world.reaches(job_id, JobState.COMPLETED)
        assert len(checked) == 5

    async def test_hastens_scheduled_ones(self, world: World) -> None:
        """Of those that match."""
        tomorrow = world.clock.now() + A_DAY
        ids = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")], run_at=tomorrow)
        other = await world.queue("mail").enqueue(CheckFraud("A-1003"), run_at=tomorrow)

        assert await world.room.retry_many(JobFilter(state=JobState.SCHEDULED, queue="")) == 2

        assert [job.id for job in await (await a_worker(world)).claim()] == ids
        assert await world.state_of(other) is JobState.SCHEDULED


class TestCancelMany:
    """Those that match do not run."""

    async def test_waiting_ones(self, world: World) -> None:
        """By what is in them."""
        queue = world.queue()
        await queue.enqueue([CheckFraud("A-1001"), CheckFraud("B-1001")])
        wanted = JobFilter(state=JobState.READY, text='"a-')

        assert await world.room.cancel_many.count(wanted) == 1
        assert await world.room.cancel_many(wanted) == 1

        assert await world.counts() == {JobState.READY: 1, JobState.CANCELLED: 1}


class TestDeleteMany:
    """Those that match are gone."""

    async def test_waiting_and_finished_ones(self, world: World) -> None:
        """The others stay."""
        worker = await a_worker(world)
        await dead(world, worker, 3)
        await world.queue().enqueue([SendReceipt("A-1001"), SendReceipt("A-1002")])

        assert await world.room.delete_many(DEAD) == 3
        assert await world.counts() == {JobState.READY: 2}
        assert await world.room.delete_many(JobFilter(state=JobState.READY, type="fraud.check")) == 0
        assert await world.room.delete_many(JobFilter(state=JobState.READY)) == 2
        assert await world.counts() == {}

    async def test_the_others_keep_their_history(self, world: World) -> None:
        """The attempts of those that are gone go with them."""
        worker = await a_worker(world)
        await dead(world, worker, 1)
        other = await world.queue().enqueue(CheckFraud("A-1001"))
        await worker.retry(await worker.claim_one())

        assert await world.room.delete_many(DEAD) == 1

        assert len((await world.job(other)).attempts) == 1

    async def test_running_ones_are_refused(self, world: World) -> None:
        """They would have to be cancelled first."""
        with pytest.raises(InvalidRequest, match="say which state"):
            await world.room.delete_many(JobFilter(state=JobState.RUNNING))

    async def test_a_filter_without_a_state_is_refused(self, world: World) -> None:
        """All jobs of a queue at once is seldom what somebody means."""
        for act in (world.room.delete_many, world.room.retry_many, world.room.cancel_many):
            with pytest.raises(InvalidRequest, match="say which state"):
                await act(JobFilter(queue=""))
            with pytest.raises(InvalidRequest, match="say which state"):
                await act.count(JobFilter(queue=""))


class TestPrune:
    """The history goes by its age."""

    async def test_completed_and_cancelled_ones_that_are_old_enough(self, world: World) -> None:
        """The dead stay, unless they are named."""
        worker = await a_worker(world)
        queue = world.queue()
        await queue.enqueue(CheckFraud("A-1001"))
        await worker.complete(await worker.claim_one())
        await world.room.cancel(await queue.enqueue(CheckFraud("A-1002")))
        await dead(world, worker, 1)
        world.clock.advance(timedelta(hours=2))
        await queue.enqueue(CheckFraud("A-1003"))
        await worker.complete(await worker.claim_one())
        world.clock.advance(timedelta(seconds=1))

        retention = Retention(timedelta(hours=1))
        assert await world.room.prune.count(retention) == 2
        assert await world.room.prune(retention) == 2
        assert await world.counts() == {JobState.COMPLETED: 1, JobState.DEAD: 1}
        assert await world.room.prune(Retention(timedelta(0), states=[JobState.DEAD])) == 1
        assert await world.room.prune(Retention(timedelta(0), queue="elsewhere")) == 0
        assert await world.counts() == {JobState.COMPLETED: 1}

    async def test_what_cannot_be_pruned_is_refused(self) -> None:
        """With the reason."""
        with pytest.raises(InvalidRequest, match="only finished jobs"):
            Retention(A_DAY, states=[JobState.READY])
        with pytest.raises(InvalidRequest, match="only finished jobs"):
            Retention(A_DAY, states=[])
        with pytest.raises(InvalidRequest, match="not negative"):
            Retention(-A_DAY)

    async def test_an_age_beyond_all_times_is_refused(self, world: World) -> None:
        """No job is that old."""
        with pytest.raises(InvalidRequest, match="old"):
            await world.room.prune(Retention(timedelta(days=999_999)))


class TestWhatComesMeanwhile:
    """A long run is about the jobs that matched when it began."""

    @pytest.mark.parametrize("act", ["cancel", "delete"])
    async def test_a_job_enqueued_since_is_left_alone(self, world: World, act: str) -> None:
        """Though it matches as well as those before."""
        [before] = await world.queue().enqueue([CheckFraud("A-1001")])
        as_of = await world.bulk_operations.now()
        world.clock.advance(A_DAY)
        since = await world.queue().enqueue(CheckFraud("A-1002"))
        operation = getattr(world.bulk_operations, act)

        touched = [await operation([before, since], JobState.READY, as_of=as_of) for _ in range(2)]

        assert touched == [1, 0]
        assert await world.state_of(since) is JobState.READY
        assert await world.counts() == {JobState.READY: 1} | ({JobState.CANCELLED: 1} if act == "cancel" else {})
        assert before < since

    @pytest.mark.parametrize("act", ["retry", "delete"])
    async def test_a_job_that_died_since_is_left_alone(self, world: World, act: str) -> None:
        """One that was retried and died again would be met for ever."""
        worker = await a_worker(world)
        [before] = await dead(world, worker, 1)
        as_of = await world.bulk_operations.now()
        world.clock.advance(A_DAY)
        [since] = await dead(world, worker, 1)
        operation = getattr(world.bulk_operations, act)

        touched = [await operation([before, since], JobState.DEAD, as_of=as_of) for _ in range(2)]

        assert touched == [1, 0]
        assert await world.state_of(since) is JobState.DEAD

    async def test_a_job_that_runs_since_is_not_told_to_stop(self, world: World) -> None:
        """Only those are that were there."""
        worker = await a_worker(world)
        before = await world.queue().enqueue(CheckFraud("A-1001"))
        as_of = await world.bulk_operations.now()
        world.clock.advance(A_DAY)
        since = await world.queue().enqueue(CheckFraud("A-1002"))
        await worker.claim()
        cancel = world.bulk_operations.cancel

        touched = [await cancel([before, since], JobState.RUNNING, as_of=as_of) for _ in range(2)]

        assert touched == [1, 0]
        assert set(await worker.store.called_off(worker.id)) == {before}

    @pytest.mark.parametrize("act", ["retry", "delete"])
    async def test_a_job_that_is_no_longer_as_it_was_found_is_left_alone(self, world: World, act: str) -> None:
        """Somebody has retried it a moment ago."""
        worker = await a_worker(world)
        [job] = await dead(world, worker, 1)
        await world.room.retry(job)
        as_of = await world.bulk_operations.now()

        assert await getattr(world.bulk_operations, act)([job], JobState.DEAD, as_of=as_of) == 0
        assert await world.counts() == {JobState.READY: 1}

    @pytest.mark.parametrize("act", ["retry", "delete"])
    async def test_a_job_that_ended_otherwise_since_is_left_alone(self, world: World, act: str) -> None:
        """It was dead, and was retried and called off at the same instant."""
        worker = await a_worker(world)
        [job] = await dead(world, worker, 1)
        await world.room.retry(job)
        await world.room.cancel(job)
        as_of = await world.bulk_operations.now()

        assert await getattr(world.bulk_operations, act)([job], JobState.DEAD, as_of=as_of) == 0
        assert await world.counts() == {JobState.CANCELLED: 1}

    async def test_a_job_that_waits_again_is_not_told_to_stop(self, world: World) -> None:
        """It ran when it was found; the next attempt is none of those that were meant."""
        worker = await a_worker(world)
        job = await world.queue().enqueue(CheckFraud("A-1001"))
        as_of = await world.bulk_operations.now()

        assert await world.bulk_operations.cancel([job], JobState.RUNNING, as_of=as_of) == 0
        await worker.claim_one()
        assert list(await worker.store.called_off(worker.id)) == []

    async def test_a_job_that_has_started_is_not_deleted(self, world: World) -> None:
        """It was ready when it was found."""
        job = await world.queue().enqueue(CheckFraud("A-1001"))
        await (await a_worker(world)).claim_one()
        as_of = await world.bulk_operations.now()

        assert await world.bulk_operations.delete([job], JobState.READY, as_of=as_of) == 0
        assert await world.bulk_operations.cancel([job], JobState.READY, as_of=as_of) == 0
        assert await world.counts() == {JobState.RUNNING: 1}


class TestPortions:
    """Very many jobs are acted upon piece by piece, with the same outcome."""

    @pytest.mark.parametrize("state", [JobState.READY, JobState.SCHEDULED])
    async def test_each_goes_on_where_the_one_before_ended(self, world: World, state: JobState) -> None:
        """And tells how many it touched; those that came meanwhile are left alone."""
        tomorrow = world.clock.now() + A_DAY if state is JobState.SCHEDULED else None
        await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(1_100)], run_at=tomorrow)
        await world.queue("mail").enqueue([CheckFraud(f"A-{n}") for n in range(300)], run_at=tomorrow)
        wanted, rest, touched, since = JobFilter(state=state, queue=""), None, list[int](), list[JobId]()
        while True:
            portion = await world.room.cancel_many.portion(wanted, within=timedelta(0), rest=rest)
            touched.append(portion.touched)
            rest = portion.rest
            if rest is None:
                break
            world.clock.advance(timedelta(seconds=1))
            since.append(await world.queue().enqueue(CheckFraud("B-1"), run_at=tomorrow, priority=9))

        assert touched == [500, 500, 100]
        assert await world.counts() == {state: 302, JobState.CANCELLED: 1_100}
        assert [await world.state_of(job) for job in since] == [state, state]

    async def test_dead_jobs_that_die_anew_are_not_met_again(self, world: World) -> None:
        """They ended since."""
        worker = await a_worker(world)
        for _ in range(2):
            await dead(world, worker, 300)
        first = await world.room.retry_many.portion(DEAD, within=timedelta(0))
        world.clock.advance(timedelta(seconds=1))
        for job in await worker.claim(500):
            await worker.bury(job)

        second = await world.room.retry_many.portion(DEAD, within=timedelta(0), rest=first.rest)

        assert (first.touched, second.touched, second.rest) == (500, 100, None)
        assert await world.counts() == {JobState.READY: 100, JobState.DEAD: 500}

    @pytest.mark.parametrize(
        "rest", ["", "x", "2026-06-01T12:00:00 W10", "2026-06-01T12:00:00+00:00 W251bGwsMSxudWxsXQ"]
    )
    async def test_what_is_no_rest_is_refused(self, world: World, rest: str) -> None:
        """It may come from a form that somebody typed."""
        with pytest.raises(InvalidRequest, match="ended"):
            await world.room.cancel_many.portion(JobFilter(state=JobState.READY), within=A_DAY, rest=rest)
