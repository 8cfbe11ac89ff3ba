"""Workers that die, and workers that only look so."""

import asyncio
from datetime import timedelta

import pytest

from application.jobs.job_store import ClaimedJob
from application.jobs.looking import AttemptOutcome
from domain.jobs import JobId, JobState, current_job
from tests.worlds import HandWorker, World
from tests.worlds.deadline import eventually
from tests.worlds.hand_worker import LEASE
from tests.worlds.isolation import apart
from tests.worlds.jobs import CheckFraud, SendReceipt

A_SECOND = timedelta(seconds=1)


async def die(world: World, worker: HandWorker) -> None:
    """Let a worker be silent past its lease, and be found."""
    world.clock.advance(worker.registration.lease + A_SECOND)
    await world.maintain()


class TestDeadWorker:
    """A worker that died frees its jobs."""

    async def test_whose_process_ended_is_missed_without_waiting_for_its_lease(self, world: World) -> None:
        """Its jobs are ready again, and its attempt is in the history."""
        worker = await world.worker({"fraud.check": 25}, pool_name="killed")
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        await worker.claim_one()

        await world.kill(worker)

        async def is_free() -> bool:
            await world.maintain()
            return await world.state_of(job_id) is JobState.READY

        await eventually(is_free)
        attempts = (await world.job(job_id)).attempts
        assert [(a.number, a.pool_name, a.outcome) for a in attempts] == [(1, "killed", AttemptOutcome.DIED)]
        assert "WorkerDied" in str(attempts[0].error)

    async def test_that_is_silent_past_its_lease_is_given_up(self, world: World) -> None:
        """Not before, and then another worker takes its job as the next attempt."""
        worker = await world.worker({"fraud.check": 25}, pool_name="frozen")
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        await worker.claim_one()

        world.clock.advance(LEASE)
        await world.maintain()
        assert await world.state_of(job_id) is JobState.RUNNING
        world.clock.advance(A_SECOND)
        await world.maintain()
        successor = await world.worker({"fraud.check": 25})
        job = await successor.claim_one()

        assert (job.id, job.attempt, job.rescues) == (job_id, 2, 1)

    async def test_claims_nothing_any_more(self, world: World) -> None:
        """It was declared dead, and its heartbeat tells it so."""
        worker = await world.worker({"fraud.check": 25})
        await die(world, worker)
        await world.queue().enqueue(CheckFraud("A-1001"))

        assert await worker.claim() == []
        assert await worker.store.heartbeat(worker.id) is False
        assert await world.counts() == {JobState.READY: 1}
        assert await world.inspection.workers() == []

    async def test_frees_all_of_its_jobs_at_once_in_every_queue_state(self, world: World) -> None:
        """Running ones only: those that wait were nobody's."""
        worker = await world.worker({"fraud.check": 25})
        queue = world.queue()
        await queue.enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        await worker.claim()
        await queue.enqueue(CheckFraud("A-1003"), run_at=world.clock.now() + timedelta(days=1))

        await die(world, worker)

        assert await world.counts() == {JobState.READY: 2, JobState.SCHEDULED: 1}

    async def test_has_its_jobs_run_by_the_pools_that_are_left(self, world: World) -> None:
        """They look for the dead by themselves."""
        worker = await world.worker({"fraud.check": 25})
        queue = world.queue()
        attempts: list[int] = []
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await worker.claim_one()

        async def check_fraud(job: CheckFraud) -> None:
            attempts.append(current_job().attempt)

        await world.run(queue, check_fraud)
        world.clock.advance(LEASE + A_SECOND)
        job = await world.reaches(job_id, JobState.COMPLETED)

        assert attempts == [2]
        assert [a.outcome for a in job.attempts] == [AttemptOutcome.DIED, AttemptOutcome.COMPLETED]


class TestAttemptsOfTheDead:
    """The attempt counts at the claim, so that a job which kills its worker every time ends dead, too."""

    async def test_a_job_that_kills_every_worker_ends_dead(self, world: World) -> None:
        """After as many attempts as it is allowed, each of them in the history."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))

        for number in (1, 2, 3):
            worker = await world.worker({"fraud.check": 3}, pool_name=f"victim-{number}")
            job = await worker.claim_one()
            assert job.attempt == number
            assert await worker.store.mark_started(job)
            await die(world, worker)
        dead = await world.job(job_id)

        assert dead.state is JobState.DEAD
        assert [a.pool_name for a in dead.attempts] == ["victim-1", "victim-2", "victim-3"]
        assert {a.outcome for a in dead.attempts} == {AttemptOutcome.DIED}

    async def test_a_job_that_is_allowed_one_attempt_is_dead_once_it_had_begun(self, world: World) -> None:
        """Its only attempt may have had effects elsewhere."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await world.worker({"fraud.check": 1})
        assert await worker.store.mark_started(await worker.claim_one())

        await die(world, worker)

        assert await world.state_of(job_id) is JobState.DEAD

    async def test_a_job_that_is_allowed_one_attempt_lives_where_it_had_not_begun(self, world: World) -> None:
        """It only lay in the buffer of the worker that died."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await world.worker({"fraud.check": 1})
        await worker.claim_one()

        await die(world, worker)
        job = await world.job(job_id)

        assert (job.state, job.attempts) == (JobState.READY, ())
        assert (await (await world.worker({"fraud.check": 1})).claim_one()).attempt == 1

    async def test_a_suspect_is_charged_only_where_it_had_begun(self, world: World) -> None:
        """Of two that were in a dead worker's hands before, the one that was running again is charged again."""
        bystander, culprit = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        first = await world.worker({"fraud.check": 2}, pool_name="first")
        await first.claim()
        await die(world, first)

        second = await world.worker({"fraud.check": 2}, pool_name="second")
        jobs = {job.id: job for job in await second.claim()}
        await second.store.mark_started(jobs[culprit])
        await die(world, second)

        assert await world.state_of(culprit) is JobState.DEAD
        assert await world.state_of(bystander) is JobState.READY
        assert [a.number for a in (await world.job(bystander)).attempts] == [1]

    async def test_suspects_run_one_at_a_time(self, world: World) -> None:
        """Of those that were in dying hands twice, so that a culprit takes no other along; the rest runs beside it."""
        queue = world.queue(pool_size=10)
        suspects = await queue.enqueue([CheckFraud(f"A-{number}") for number in range(4)])
        for _ in range(2):
            worker = await world.worker({"fraud.check": 25})
            await worker.claim()
            await die(world, worker)
        running: list[str] = []
        most = 0

        async def check_fraud(job: CheckFraud) -> None:
            nonlocal most
            running.append(job.order)
            most = max(most, len(running))
            beside = await apart(queue.enqueue(SendReceipt(job.order)))
            await world.reaches(beside, JobState.COMPLETED)
            running.remove(job.order)

        async def send_receipt(job: SendReceipt) -> None:
            """Do nothing."""

        await world.run(queue, check_fraud, send_receipt)
        for job_id in suspects:
            await world.reaches(job_id, JobState.COMPLETED)

        assert most == 1

    async def test_a_suspect_has_ended_in_the_store_before_the_next_begins(self, world: World) -> None:
        """Should that one kill the worker, the one before must not be charged for it."""
        queue = world.queue(pool_size=2)
        suspects = await queue.enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        for _ in range(2):
            worker = await world.worker({"fraud.check": 25})
            await worker.claim()
            await die(world, worker)
        first: list[JobState] = []

        async def check_fraud(job: CheckFraud) -> None:
            first.append(await world.state_of(suspects[0]))

        await world.run(queue, check_fraud)
        await world.reaches(suspects[1], JobState.COMPLETED)

        assert first == [JobState.RUNNING, JobState.COMPLETED]

    async def test_a_pool_marks_the_attempts_that_must_be_known_to_have_begun(self, world: World) -> None:
        """A job that was in a dead worker's hands runs marked: should its worker die again, that counts."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))
        first = await world.worker({"fraud.check": 25}, pool_name="first")
        await first.claim_one()
        await die(world, first)
        queue = world.queue(pool_name="second")
        running = asyncio.Event()

        async def check_fraud(job: CheckFraud) -> None:
            running.set()
            await asyncio.Event().wait()

        await world.run(queue, check_fraud)
        await world.eventually(running.is_set)
        await world.freeze("second")
        await world.maintain()
        job = await world.job(job_id)

        assert [(a.number, a.outcome) for a in job.attempts[:2]] == [
            (1, AttemptOutcome.DIED),
            (2, AttemptOutcome.DIED),
        ]

    async def test_being_rescued_without_having_begun_can_go_on_for_ever(self, world: World) -> None:
        """A job that never ran is not to blame, however often its workers die."""
        job_id = await world.queue().enqueue(CheckFraud("A-1001"))

        for _ in range(6):
            worker = await world.worker({"fraud.check": 3})
            await worker.claim_one()
            await die(world, worker)
        job = await (await world.worker({"fraud.check": 3})).claim_one()

        assert (job.id, job.attempt, job.rescues) == (job_id, 2, 6)


class TestLivingWorker:
    """A live job is never taken away because it is long."""

    async def test_keeps_its_jobs_as_long_as_it_beats(self, world: World) -> None:
        """Each heartbeat starts its lease anew."""
        worker = await world.worker({"fraud.check": 25})
        await world.queue().enqueue(CheckFraud("A-1001"))
        job = await worker.claim_one()

        for _ in range(20):
            world.clock.advance(LEASE - A_SECOND)
            assert await worker.store.heartbeat(worker.id) is True
            await world.maintain()

        assert await worker.complete(job)

    async def test_keeps_a_job_that_runs_for_days(self, world: World) -> None:
        """The pool beats while the job func works."""
        queue = world.queue(lease=timedelta(hours=1), pool_name="long-hauler")
        running, may_end = asyncio.Event(), asyncio.Event()
        starts: list[int] = []

        async def check_fraud(job: CheckFraud) -> None:
            starts.append(current_job().attempt)
            running.set()
            await may_end.wait()

        await world.run(queue, check_fraud)
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await world.eventually(running.is_set)
        for _ in range(50):
            world.clock.advance(timedelta(minutes=59))
            await self._beats(world)
            await world.maintain()
        may_end.set()
        job = await world.reaches(job_id, JobState.COMPLETED)

        assert starts == [1]
        assert len(job.attempts) == 1

    async def test_that_was_taken_for_dead_goes_on_working(self, world: World) -> None:
        """It gives its attempt up, registers anew and runs the next jobs, this one included."""
        queue = world.queue(pool_name="sleeper", lease=timedelta(hours=1))
        running = asyncio.Event()
        attempts: list[int] = []

        async def check_fraud(job: CheckFraud) -> None:
            await world.write(f"attempt {current_job().attempt}")
            attempts.append(current_job().attempt)
            if len(attempts) == 1:
                running.set()
                await asyncio.Event().wait()

        await world.run(queue, check_fraud)
        job_id = await queue.enqueue(CheckFraud("A-1001"))
        await world.eventually(running.is_set)
        await world.freeze("sleeper")
        await world.maintain()
        world.clock.advance(A_SECOND)  # which lets it beat
        await world.reaches(job_id, JobState.COMPLETED)

        assert attempts == [1, 2]
        assert await world.effects() == ["attempt 2"]
        assert [worker.pool_name for worker in await world.inspection.workers()] == ["sleeper"]

    async def _beats(self, world: World) -> None:
        async def has_beaten() -> bool:
            workers = await world.inspection.workers()
            return [worker.last_seen for worker in workers] == [world.clock.now()]

        await eventually(has_beaten)


class TestLostAnswers:
    """A claim whose answer did not arrive."""

    async def test_what_the_worker_does_not_know_of_is_handed_back(self, world: World) -> None:
        """Uncounted; what it does know of stays its own."""
        worker = await world.worker({"fraud.check": 25})
        known_id, unknown_id = await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        known, unknown = await worker.claim()

        handed_back = await worker.store.disown(worker.id, [known])
        job = await world.job(unknown_id)

        assert handed_back == 1
        assert (job.state, job.attempts) == (JobState.READY, ())
        assert not await worker.complete(unknown)
        assert await worker.complete(known)
        assert await world.state_of(known_id) is JobState.COMPLETED


class TestClaimsAtOnce:
    """Workers that claim at the same time."""

    async def test_own_each_job_once(self, world: World) -> None:
        """No job is given to two, and none is left over."""
        ids = await world.queue().enqueue([CheckFraud(f"A-{number}") for number in range(300)])
        workers = [await world.worker({"fraud.check": 25}, pool_name=f"worker {number}") for number in range(5)]
        claimed: list[ClaimedJob] = []

        async def claim_all(worker: HandWorker) -> None:
            while jobs := await worker.claim(limit=7):
                claimed.extend(jobs)

        while len(claimed) < len(ids):
            await asyncio.gather(*(claim_all(worker) for worker in workers))

        assert sorted(job.id for job in claimed) == ids
        assert await world.counts() == {JobState.RUNNING: 300}


class TestLeaving:
    """A worker that leaves in order."""

    async def test_hands_back_what_it_still_owns_uncounted(self, world: World) -> None:
        """Its jobs are ready, as if it had never claimed them."""
        worker = await world.worker({"fraud.check": 25})
        job_id: JobId = await world.queue().enqueue(CheckFraud("A-1001"))
        claimed: ClaimedJob = await worker.claim_one()

        await worker.store.deregister(worker.id)
        job = await world.job(job_id)

        assert (job.state, job.attempts) == (JobState.READY, ())
        assert not await worker.complete(claimed)
        assert await world.inspection.workers() == []

    @pytest.mark.parametrize("alive", [True, False])
    async def test_is_not_rescued_later(self, world: World, alive: bool) -> None:  # noqa: FBT001
        """Nothing is left of it that could expire; one that is dead already leaves nothing either."""
        worker = await world.worker({"fraud.check": 25})
        if not alive:
            await die(world, worker)
        await worker.store.deregister(worker.id)
        receipt = await world.queue().enqueue(SendReceipt("A-1001"))

        await die(world, worker)

        assert await world.state_of(receipt) is JobState.READY
        assert await world.inspection.workers() == []
