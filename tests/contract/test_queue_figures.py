"""The numbers of queues."""

from datetime import timedelta

import pytest

from application.jobs.job_store import EndedAttempt
from application.jobs.looking import QueueRecord
from domain.jobs import InvalidRequest, JobState
from tests.worlds import HandWorker, World
from tests.worlds.jobs import CheckFraud, SendReceipt

A_MINUTE = timedelta(minutes=1)
WORK = timedelta(seconds=2)


async def figures(world: World, window: timedelta = 10 * A_MINUTE) -> dict[str, QueueRecord]:
    """Return the queues by name, once everything that ended is counted."""
    world.clock.advance(A_MINUTE)
    await world.maintain()
    return {queue.name: queue for queue in await world.room.queues(window)}


async def a_worker(world: World, queue: str = "", size_of_lease: timedelta = timedelta(days=3)) -> HandWorker:
    """Return one that is not taken for dead."""
    return await world.worker({"fraud.check": 25}, queue=queue, lease=size_of_lease)


async def complete_one(world: World, worker: HandWorker, wait: timedelta, queue: str = "") -> None:
    """Let a job wait so long, and then run for two seconds."""
    await world.queue(queue).enqueue(CheckFraud("A-1001"))
    world.clock.advance(wait)
    job = await worker.claim_one()
    started_at = worker.store.now()
    world.clock.advance(WORK)
    await worker.store.complete([worker.ended(job)._replace(started_at=started_at)])


class TestQueues:
    """How each queue stands, and what happened in it of late."""

    async def test_without_anything_there_is_none(self, world: World) -> None:
        """Nobody has to create a queue."""
        assert await world.room.queues() == []

    async def test_a_queue_is_there_with_its_first_job(self, world: World) -> None:
        """By name, and with its jobs in each state."""
        await world.queue("paper").enqueue([CheckFraud("A-1001")] * 3)
        await world.queue("mail").enqueue(SendReceipt("A-1001"), run_at=world.clock.now() + A_MINUTE)

        mail, paper = await world.room.queues()

        assert (mail.name, paper.name) == ("mail", "paper")
        assert mail.counts == {**dict.fromkeys(JobState, 0), JobState.SCHEDULED: 1}
        assert paper.counts == {**dict.fromkeys(JobState, 0), JobState.READY: 3}
        assert all(count.exact for count in paper.counts.values())
        assert (paper.workers, paper.places, paper.busy, paper.utilisation) == (0, 0, 0, None)
        assert (paper.run, paper.wait, paper.failure_rate, paper.until_empty) == (None, None, None, None)

    async def test_the_job_that_waits_longest_counts_whatever_its_priority(self, world: World) -> None:
        """Scheduled ones do not wait for a worker."""
        queue = world.queue()
        await queue.enqueue(CheckFraud("not due"), run_at=world.clock.now() + timedelta(hours=1))
        assert (await world.room.queues())[0].oldest_ready is None
        await queue.enqueue(CheckFraud("first"), priority=7)
        world.clock.advance(A_MINUTE)
        await queue.enqueue([CheckFraud("second"), CheckFraud("third")], priority=-7)
        world.clock.advance(A_MINUTE)

        assert (await world.room.queues())[0].oldest_ready == 2 * A_MINUTE

    async def test_a_job_that_is_due_and_not_promoted_yet_is_not_the_one_that_waits_longest(self, world: World) -> None:
        """It is scheduled still, in whatever line."""
        queue = world.queue()
        await queue.enqueue(CheckFraud("due in a minute"), run_at=world.clock.now() + A_MINUTE, priority=7)
        world.clock.advance(2 * A_MINUTE)
        await queue.enqueue(CheckFraud("ready"))
        world.clock.advance(A_MINUTE)

        assert (await world.room.queues())[0].oldest_ready == A_MINUTE

    async def test_workers_with_their_places_and_how_many_are_taken(self, world: World) -> None:
        """A pool that holds more jobs than it has places is not more than busy."""
        worker = await a_worker(world)
        await a_worker(world)
        await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(12)])
        await worker.claim(11)

        (queue,) = await world.room.queues()

        assert (queue.workers, queue.places, queue.busy, queue.utilisation) == (2, 20, 10, 0.5)
        assert (queue.counts[JobState.RUNNING], queue.counts[JobState.READY]) == (11, 1)

    async def test_workers_that_left_or_died_have_no_places(self, world: World) -> None:
        """Nor have jobs that wait for a retry taken any."""
        worker = await a_worker(world)
        await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        failed, _ = await worker.claim()
        await worker.retry(failed, timedelta(hours=1))
        left = await a_worker(world)
        await left.store.deregister(left.id)
        await a_worker(world, size_of_lease=timedelta(seconds=1))
        world.clock.advance(A_MINUTE)
        await world.maintain()

        (queue,) = await world.room.queues()

        assert (queue.workers, queue.places, queue.busy, queue.counts[JobState.RUNNING]) == (1, 10, 1, 1)

    async def test_each_queue_has_its_own_numbers(self, world: World) -> None:
        """Places, jobs that run and the one that waits longest."""
        for number, name in enumerate(("mail", "paper"), 1):
            worker = await a_worker(world, name)
            await world.queue(name).enqueue([CheckFraud(f"A-{n}") for n in range(number)])
            assert len(await worker.claim()) == number
            for priority in (1, 2):
                world.clock.advance(A_MINUTE)
                await world.queue(name).enqueue(CheckFraud("A-1001"), priority=priority)

        queues = {queue.name: queue for queue in await world.room.queues()}

        assert {name: (one.workers, one.places, one.busy) for name, one in queues.items()} == {
            "mail": (1, 10, 1),
            "paper": (1, 10, 2),
        }
        assert [one.counts[JobState.RUNNING] for one in queues.values()] == [1, 2]
        assert [one.oldest_ready for one in queues.values()] == [3 * A_MINUTE, A_MINUTE]

    async def test_one_without_jobs_and_workers_is_not_there(self, world: World) -> None:
        """Its workers left, or died."""
        leaving = await a_worker(world, "mail")
        await leaving.store.deregister(leaving.id)
        await world.worker({}, "paper", pool_name="frozen")
        await world.freeze("frozen")
        await world.maintain()

        assert "mail" not in await figures(world)
        assert "paper" not in await figures(world)

    async def test_rates_and_times_of_what_ended(self, world: World) -> None:
        """Of completed jobs how long they waited and ran, and how many attempts failed beside them."""
        worker = await a_worker(world)
        for seconds in (1, 1, 4):
            await complete_one(world, worker, timedelta(seconds=seconds))
        await world.queue().enqueue([CheckFraud("A-1002"), CheckFraud("A-1003")])
        failing, dying = await worker.claim()
        await worker.retry(failing)
        await worker.bury(dying)

        queue = (await figures(world))[""]

        assert (queue.completed, queue.failed, queue.failure_rate) == (3, 2, 2 / 5)
        assert queue.throughput == 3 / 600
        assert queue.run is not None
        assert queue.wait is not None
        assert (queue.run.mean, queue.wait.mean) == (WORK, timedelta(seconds=2))
        assert queue.run.p95 == pytest.approx(WORK, rel=0.1)
        assert queue.wait.p95 == pytest.approx(timedelta(seconds=4), rel=0.1)

    async def test_times_are_those_of_completed_jobs_alone(self, world: World) -> None:
        """Not of one that was called off, before it ran or while it did."""
        worker = await a_worker(world)
        await complete_one(world, worker, timedelta(seconds=1))
        waiting, running = await world.queue().enqueue([CheckFraud("A-1002"), CheckFraud("A-1003")], priority=1)
        await world.queue().enqueue(CheckFraud("A-1004"))
        world.clock.advance(A_MINUTE)
        await world.operations.cancel(waiting)
        for job in await worker.claim():
            started_at = worker.store.now()
            world.clock.advance(A_MINUTE)
            ended = worker.ended(job)._replace(started_at=started_at)
            assert await (worker.store.cancel(ended) if job.id == running else worker.retry(job))

        queue = (await figures(world))[""]

        assert queue.run is not None
        assert queue.wait is not None
        assert (queue.run.mean, queue.wait.mean) == (WORK, timedelta(seconds=1))
        assert queue.run.p95 == pytest.approx(WORK, rel=0.1)
        assert queue.wait.p95 == pytest.approx(timedelta(seconds=1), rel=0.1)

    async def test_failures_are_those_of_its_own_workers(self, world: World) -> None:
        """And what was called off has not failed."""
        for name in ("mail", "paper"):
            worker = await a_worker(world, name)
            await world.queue(name).enqueue(CheckFraud("A-1001"))
            job = await worker.claim_one()
            if name == "mail":
                assert await worker.retry(job)
            else:
                await world.operations.cancel(job.id)
                assert await worker.store.cancel(worker.ended(job))

        queues = await figures(world)

        assert {name: queue.failed for name, queue in queues.items()} == {"mail": 1, "paper": 0}

    async def test_means_and_percentiles_of_known_times(self, world: World) -> None:
        """Of 200 jobs that ran for 10 ms, 20 ms, … 2 s to the same end, whether they have been counted or not yet."""
        worker = await a_worker(world)
        await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(200)])
        world.clock.advance(timedelta(seconds=10))
        end, ten_ms = worker.store.now(), 10_000
        jobs = await worker.claim(200)
        ended = [EndedAttempt(job, end - number * ten_ms, end) for number, job in enumerate(jobs, 1)]
        await worker.store.complete(ended)

        for _ in range(2):
            (queue,) = await world.room.queues(10 * A_MINUTE)
            assert queue.run is not None
            assert queue.wait is not None
            assert queue.run.mean == pytest.approx(timedelta(seconds=1.005), abs=timedelta(milliseconds=1))
            assert queue.wait.mean == pytest.approx(timedelta(seconds=8.995), abs=timedelta(milliseconds=1))
            assert queue.run.p95 == pytest.approx(timedelta(seconds=1.9), rel=0.05)
            assert queue.wait.p95 == pytest.approx(timedelta(seconds=9.9), rel=0.05)
            assert queue.throughput == 200 / 600
            world.clock.advance(A_MINUTE)
            await world.maintain()

    async def test_what_ended_before_the_window_does_not_count(self, world: World) -> None:
        """It is history."""
        worker = await a_worker(world)
        await complete_one(world, worker, A_MINUTE)
        world.clock.advance(timedelta(hours=1))
        await world.queue().enqueue(CheckFraud("A-1002"))
        (uncounted,) = await world.room.queues(10 * A_MINUTE)
        assert uncounted.completed == 0

        queue = (await figures(world))[""]

        assert (queue.completed, queue.throughput, queue.run) == (0, 0, None)
        assert (await figures(world, timedelta(hours=2)))[""].completed == 1

    async def test_how_long_it_takes_until_the_queue_is_empty(self, world: World) -> None:
        """At the throughput of late."""
        worker = await a_worker(world)
        for _ in range(3):
            await complete_one(world, worker, timedelta(seconds=1))
        assert (await figures(world))[""].until_empty == timedelta(0)
        await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(6)])

        assert (await figures(world))[""].until_empty == 20 * A_MINUTE

    async def test_a_paused_queue_says_since_when(self, world: World) -> None:
        """Also one without jobs."""
        await world.room.pause("mail")

        (queue,) = await world.room.queues()

        assert (queue.name, queue.paused_at) == ("mail", world.clock.now())

    @pytest.mark.parametrize("window", [timedelta(0), timedelta(seconds=9), timedelta(days=3)])
    async def test_a_window_has_bounds(self, world: World, window: timedelta) -> None:
        """Figures are kept for two days."""
        with pytest.raises(InvalidRequest, match="window"):
            await world.room.queues(window)


class TestThroughput:
    """What ended when."""

    async def test_each_end_is_in_its_bucket(self, world: World) -> None:
        """Empty ones are there, too."""
        start, worker = world.clock.now(), await a_worker(world)
        await complete_one(world, worker, timedelta(seconds=1))
        world.clock.advance(2 * A_MINUTE)
        await world.queue().enqueue([CheckFraud("A-1002"), CheckFraud("A-1003"), CheckFraud("A-1004")])
        cancelled = await world.queue().enqueue(SendReceipt("A-1005"))
        failing, dying, _ = await worker.claim()
        await worker.retry(failing)
        await worker.bury(dying)
        await world.operations.cancel(cancelled)
        await figures(world)

        buckets = await world.room.throughput(start, step=A_MINUTE)

        assert [bucket.start for bucket in buckets] == [start + n * A_MINUTE for n in range(len(buckets))]
        assert [(b.completed, b.failed, b.dead, b.cancelled) for b in buckets[:4]] == [
            (1, 0, 0, 0),
            (0, 0, 0, 0),
            (0, 2, 1, 1),
            (0, 0, 0, 0),
        ]

    async def test_whenever_it_is_counted_each_end_counts_once(self, world: World) -> None:
        """Also what ends in a bucket of which the begin could have been counted already."""
        start, worker = world.clock.now(), await a_worker(world)
        for _ in range(8):
            await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(3)])
            completing, dying, failing = await worker.claim()
            assert await worker.complete(completing)
            assert await worker.bury(dying)
            assert await worker.retry(failing)
            world.clock.advance(timedelta(seconds=4))
            await world.maintain()
        await figures(world)

        buckets = await world.room.throughput(start, step=A_MINUTE)

        assert [sum(numbers) for numbers in zip(*((b.completed, b.failed, b.dead) for b in buckets), strict=True)] == [
            8,
            16,
            8,
        ]

    async def test_of_one_queue(self, world: World) -> None:
        """Or of all of them."""
        start = world.clock.now()
        for name in ("mail", "paper"):
            await complete_one(world, await a_worker(world, name), timedelta(seconds=1), name)

        for _ in range(2):  # before it is counted by those who look after it, and afterwards
            for queue, number in (("mail", 1), (None, 2), ("nowhere", 0)):
                buckets = await world.room.throughput(start, step=A_MINUTE, queue=queue)
                assert sum(bucket.completed for bucket in buckets) == number
            await figures(world)

    async def test_of_each_queue(self, world: World) -> None:
        """In which something ended; together they are that of all."""
        start = world.clock.now()
        for name in ("mail", "mail", "paper"):
            await complete_one(world, await a_worker(world, name), A_MINUTE, name)
        await world.queue("idle").enqueue(CheckFraud("A-1001"))
        await figures(world)

        by_queue = await world.room.throughput.by_queue(start, step=A_MINUTE)

        together = await world.room.throughput(start, step=A_MINUTE)
        assert {name: sum(b.completed for b in buckets) for name, buckets in by_queue.items()} == {
            "mail": 2,
            "paper": 1,
        }
        for name, buckets in by_queue.items():
            assert buckets == await world.room.throughput(start, step=A_MINUTE, queue=name)
            assert [bucket.start for bucket in buckets] == [bucket.start for bucket in together]

    async def test_the_begin_is_rounded_and_not_earlier_than_figures_are_kept(self, world: World) -> None:
        """So the number of buckets has a bound."""
        now = world.clock.now()

        buckets = await world.room.throughput(now - timedelta(days=300), step=timedelta(hours=1))

        assert len(buckets) == 49
        assert buckets[0].start == now - timedelta(days=2)

    async def test_what_cannot_be_drawn_is_refused(self, world: World) -> None:
        """With the reason."""
        now = world.clock.now()
        with pytest.raises(InvalidRequest, match="naive"):
            await world.room.throughput(now.replace(tzinfo=None))
        for step in (timedelta(0), timedelta(seconds=11), timedelta(seconds=-10), timedelta(days=3)):
            with pytest.raises(InvalidRequest, match="step"):
                await world.room.throughput(now, step=step)
