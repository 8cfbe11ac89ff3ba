"""Dead jobs, grouped by what they died of."""

from datetime import timedelta

from application.jobs.error_report import report
from application.jobs.looking import MOST_GROUPS, DeadGroup, JobFilter
from domain.jobs import JobId, JobState
from tests.worlds import HandWorker, World
from tests.worlds.jobs import CheckFraud, SendReceipt

A_MINUTE = timedelta(minutes=1)


async def dies(world: World, worker: HandWorker, error: Exception, queue: str = "") -> JobId:
    """Let a job die of an error."""
    job_id = await world.queue(queue).enqueue(CheckFraud("A-1001"))
    await worker.store.bury(worker.ended(await worker.claim_one()), report(error))
    return job_id


class TestDeadJobs:
    """Many of a kind are one line."""

    async def test_errors_that_differ_in_details_are_of_a_kind(self, world: World) -> None:
        """With when it began and when it was last seen, and an example."""
        worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=1))
        first_seen = world.clock.now()
        await dies(world, worker, ValueError("order 1001 of 'Ada' has no lines"))
        world.clock.advance(A_MINUTE)
        await dies(world, worker, KeyError("article"))
        world.clock.advance(A_MINUTE)
        example = await dies(world, worker, ValueError("order 2,002 of 'Bob' has no lines"))

        newest, older = await world.room.dead()

        assert newest == DeadGroup(
            type="fraud.check",
            error="ValueError: order … of … has no lines",
            count=newest.count,
            first_seen=first_seen,
            last_seen=world.clock.now(),
            example=example,
        )
        assert (newest.count, newest.count.exact) == (2, True)
        assert (older.error, older.count, older.first_seen) == ("KeyError: …", 1, first_seen + A_MINUTE)
        assert await world.room.dead("") == [newest, older]

    async def test_jobs_of_two_types_are_of_two_kinds(self, world: World) -> None:
        """Whatever they died of."""
        first_seen = world.clock.now()
        worker = await world.worker({"fraud.check": 25, "tests.worlds.jobs.SendReceipt": 25}, lease=timedelta(days=1))
        examples: list[JobId] = []
        for kind in (CheckFraud, SendReceipt):
            examples.append(await world.queue().enqueue(kind("A-1001")))
            await worker.store.bury(worker.ended(await worker.claim_one()), report(KeyError("article")))
            world.clock.advance(A_MINUTE)

        newest, older = await world.room.dead()

        assert [older.example, newest.example] == examples
        assert (older.count, older.first_seen, older.last_seen) == (1, first_seen, first_seen)
        assert (newest.count, newest.first_seen) == (1, first_seen + A_MINUTE)

    async def test_what_ended_otherwise_is_of_no_kind(self, world: World) -> None:
        """Completed or cancelled, of the same type or of another."""
        worker = await world.worker({"fraud.check": 25, "tests.worlds.jobs.SendReceipt": 25})
        await dies(world, worker, KeyError("article"))
        for kind in (CheckFraud, SendReceipt):
            await world.queue().enqueue(kind("A-1002"))
            assert await worker.complete(await worker.claim_one())
            await world.operations.cancel(await world.queue().enqueue(kind("A-1003")))

        assert [group.count for group in await world.room.dead()] == [1]
        assert [group.count for group in await world.room.dead("")] == [1]

    async def test_the_jobs_of_a_group_can_be_listed(self, world: World) -> None:
        """By its type and error."""
        worker = await world.worker({"fraud.check": 25})
        await dies(world, worker, KeyError("article"))
        job_id = await dies(world, worker, ValueError("order 1001"))
        wanted = JobFilter(state=JobState.DEAD, type="fraud.check", error="ValueError: order …")

        assert [job.id for job in (await world.room.jobs(wanted)).jobs] == [job_id]
        assert await world.room.jobs.count(wanted) == 1

    async def test_no_more_than_a_bounded_number_of_kinds_is_told_apart(self, world: World) -> None:
        """However inventive the errors are."""
        worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=1))
        await world.queue("").enqueue([CheckFraud("A-1001")] * (MOST_GROUPS + 1))
        for job in await worker.claim(MOST_GROUPS + 1):
            word = f"{job.id:b}".translate({ord("0"): "o", ord("1"): "i"})
            await worker.store.bury(worker.ended(job), report(ValueError(word)))

        assert len(await world.room.dead()) == MOST_GROUPS
        assert len(await world.room.dead("")) == MOST_GROUPS

    async def test_jobs_whose_workers_died_are_a_group(self, world: World) -> None:
        """Whoever they were."""
        for name in ("mailroom", "o'hara's"):
            worker = await world.worker({"fraud.check": 1}, pool_name=name)
            await world.queue().enqueue(CheckFraud("A-1001"))
            await worker.store.mark_started(await worker.claim_one())
            await world.freeze(name)
            await world.maintain()

        (group,) = await world.room.dead()

        assert group.error.startswith("WorkerDied: worker … of pool …")
        assert group.count == 2

    async def test_of_one_queue(self, world: World) -> None:
        """Or of all of them."""
        worker = await world.worker({"fraud.check": 25}, queue="mail")
        await dies(world, worker, KeyError("article"), "mail")

        assert len(await world.room.dead("mail")) == len(await world.room.dead()) == 1
        assert await world.room.dead("paper") == []

    async def test_one_that_was_retried_is_not_dead(self, world: World) -> None:
        """It has another chance."""
        worker = await world.worker({"fraud.check": 25})
        job_id = await dies(world, worker, KeyError("article"))

        await world.room.retry(job_id)

        assert await world.room.dead() == []
