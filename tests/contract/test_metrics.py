"""What is measured agrees with what is stored."""

import asyncio
from datetime import timedelta

from opentelemetry.sdk.metrics.export import Histogram, HistogramDataPoint, Sum

from application.jobs.looking import AttemptOutcome
from domain.jobs import Discard, JobId, JobState, RetryPolicy, Snooze
from tests.worlds import World
from tests.worlds.deadline import eventually
from tests.worlds.isolation import apart
from tests.worlds.jobs import CheckFraud, ReserveStock, SendReceipt
from tests.worlds.telescope import Telescope

TYPE = "tests.worlds.jobs.SendReceipt"
_ALWAYS_TOLD = {"messaging.system", "messaging.operation.name", "messaging.destination.name"}
_TOLD = _ALWAYS_TOLD | {"error.type"}
CONVENTIONS = {
    "messaging.client.operation.duration": (Histogram, "s", _TOLD | {"messaging.operation.type"}),
    "messaging.process.duration": (Histogram, "s", _TOLD | {"messaging.arrower.type"}),
    "messaging.client.sent.messages": (Sum, "{message}", _TOLD),
    "messaging.client.consumed.messages": (Sum, "{message}", _TOLD),
}
TWICE = RetryPolicy(max_attempts=2)


async def attempts_of(world: World, ids: list[JobId]) -> list[AttemptOutcome]:
    """Return how the attempts at these jobs ended, as it is stored."""
    jobs = [await apart(world.inspection.job(job_id)) for job_id in ids]
    return [attempt.outcome for job in jobs for attempt in job.attempts]


async def counted(telescope: Telescope, metric: str, number: int, **attributes: str) -> None:
    """Wait until so much is counted: what is told is told right after it is written."""
    await eventually(
        lambda: telescope.number(metric, **attributes) >= number,
        describe=lambda: f"{metric} {attributes} is {telescope.number(metric, **attributes)}, not {number}",
    )
    assert telescope.number(metric, **attributes) == number


class TestCounters:
    """After a known run."""

    async def test_a_busy_day_is_counted_as_it_is_stored(self, world: World, telescope: Telescope) -> None:
        """Completed with and without a transaction, retried, dead, discarded."""
        queue = world.queue("emails", telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            number = int(job.order)
            if number % 10 == 3:
                raise ConnectionError
            if number % 10 == 5:
                raise Discard
            if number % 2:
                await world.write(job.order)

        ids = await queue.enqueue([SendReceipt(str(number)) for number in range(100)])
        await world.run(queue, send_receipt, retry=TWICE)
        await counted(telescope, "arrower.attempts.ended", 100)
        world.clock.advance(timedelta(hours=1))
        await counted(telescope, "arrower.attempts.ended", 110)
        await queue.shutdown()
        counts = await world.counts("emails")
        stored = await attempts_of(world, ids)

        assert counts == {JobState.COMPLETED: 80, JobState.DEAD: 20}
        assert telescope.number("messaging.client.sent.messages", name="emails") == len(ids)
        assert telescope.number("messaging.client.consumed.messages") == len(stored)
        assert telescope.number("arrower.attempts.ended", type=TYPE) == len(stored)
        assert telescope.number("arrower.attempts.ended", outcome="completed") == counts[JobState.COMPLETED]
        assert telescope.number("arrower.jobs.dead") == counts[JobState.DEAD]
        failed = sum(telescope.number("arrower.attempts.ended", outcome=end) for end in ("failed", "dead", "discarded"))
        assert failed == stored.count(AttemptOutcome.FAILED)
        assert telescope.number("arrower.attempts.ended", outcome="discarded") == 10
        assert telescope.number("arrower.jobs.retried") == 10
        assert telescope.number("arrower.attempts.lost") == 0
        assert telescope.number("messaging.process.duration") == len(stored)

    async def test_batches_count_their_jobs(self, world: World, telescope: Telescope) -> None:
        """A call of a job func is one duration; each of its jobs is consumed and ends."""
        queue = world.queue(pool_size=1, telemetry=telescope.telemetry)

        async def send_receipts(jobs: list[SendReceipt]) -> None:
            await world.write("receipts")

        ids = await queue.enqueue([SendReceipt(str(number)) for number in range(60)])
        await world.run(queue, send_receipts)
        await world.reaches(ids[59], JobState.COMPLETED)
        await counted(telescope, "arrower.attempts.ended", 60, outcome="completed")

        assert telescope.number("messaging.client.consumed.messages") == 60
        assert telescope.number("messaging.process.duration") == 1
        assert telescope.number("arrower.job.wait.duration") == 60

    async def test_snoozed_and_released_attempts_are_no_failures(self, world: World, telescope: Telescope) -> None:
        """Neither is stored as an attempt."""
        queue = world.queue(telemetry=telescope.telemetry)
        running = asyncio.Event()

        async def send_receipt(job: SendReceipt) -> None:
            if job.order == "later":
                raise Snooze(timedelta(days=1))
            running.set()
            await asyncio.Event().wait()

        await queue.enqueue([SendReceipt("later"), SendReceipt("A-1001")])
        await world.run(queue, send_receipt)
        await running.wait()
        await counted(telescope, "arrower.attempts.ended", 1, outcome="snoozed")
        await queue.shutdown(timedelta(0))

        assert telescope.number("arrower.attempts.ended", outcome="released") == 1
        assert telescope.number("arrower.attempts.ended") == 2
        assert telescope.number("arrower.jobs.dead") == 0

    async def test_a_fenced_write_is_a_lost_attempt(self, world: World, telescope: Telescope) -> None:
        """One that wrote through its unit of work, and one that wrote nothing."""
        queue = world.queue(pool_name="frozen", telemetry=telescope.telemetry)
        running, resume = asyncio.Semaphore(0), asyncio.Event()

        async def send_receipt(job: SendReceipt) -> None:
            running.release()
            await resume.wait()
            if job.order == "writes":
                await world.write("sent")

        ids = await queue.enqueue([SendReceipt("writes"), SendReceipt("does not")])
        await world.run(queue, send_receipt, retry=RetryPolicy(max_attempts=1))
        await running.acquire()
        await running.acquire()
        await world.freeze("frozen")
        await world.maintain()
        resume.set()
        await counted(telescope, "arrower.attempts.lost", 2, type=TYPE)

        assert telescope.number("arrower.attempts.ended", outcome="lost") == 2
        assert await attempts_of(world, ids) == [AttemptOutcome.DIED] * 2
        assert await world.effects() == []

    async def test_what_a_pool_rescues_is_counted_by_queue(self, world: World, telescope: Telescope) -> None:
        """Jobs that get another attempt, and jobs that were at their last one."""
        dead = await world.worker({"fraud.check": 1, "tests.worlds.jobs.ReserveStock": 5}, "warehouse", "gone")
        producer = world.queue("warehouse")
        await producer.enqueue([CheckFraud("A-1001"), ReserveStock("CRUNCHY-ARMCHAIR"), ReserveStock("LAMP")])
        jobs = await dead.claim()
        for job in jobs:
            await dead.store.mark_started(job)
        await producer.enqueue(CheckFraud("never begun"))
        await dead.claim_one()

        async def send_receipt(job: SendReceipt) -> None:
            pass

        await world.run(world.queue("emails", telemetry=telescope.telemetry), send_receipt)
        await world.kill(dead)
        await world.freeze("gone")
        await counted(telescope, "arrower.jobs.rescued", 4, name="warehouse")

        assert telescope.number("arrower.jobs.dead", name="warehouse") == 1
        assert telescope.number("arrower.attempts.ended", outcome="died", name="warehouse") == 3

    async def test_promoted_and_pruned_jobs_are_counted(self, world: World, telescope: Telescope) -> None:
        """By the pool that did it."""
        queue = world.queue(telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            pass

        tomorrow = world.clock.now() + timedelta(days=1)
        ids = await queue.enqueue([SendReceipt("A-1001"), SendReceipt("A-1002")], run_at=tomorrow)
        await world.run(queue, send_receipt)
        world.clock.move_to(tomorrow)
        await world.reaches(ids[1], JobState.COMPLETED)
        await counted(telescope, "arrower.jobs.promoted", 2)

        assert telescope.number("arrower.schedule.lateness") == 2
        assert telescope.number("arrower.job.wait.duration") == 0


class TestMeasurements:
    """Durations, sizes, and what a pool does now."""

    async def test_durations_have_the_boundaries_of_the_conventions(self, world: World, telescope: Telescope) -> None:
        """Of enqueue, claim, completion and job func."""
        queue = world.queue("emails", telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            pass

        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt)
        await world.reaches(job_id, JobState.COMPLETED)
        await counted(telescope, "arrower.attempts.ended", 1)
        points = telescope.points("messaging.client.operation.duration") + telescope.points(
            "messaging.process.duration"
        )
        told = [point.attributes or {} for point in points]

        assert {(str(a["messaging.operation.name"]), str(a.get("messaging.operation.type"))) for a in told} == {
            ("send", "send"),
            ("claim", "receive"),
            ("complete", "settle"),
            ("process", "None"),
        }
        assert {str(a["messaging.system"]) for a in told} == {"arrower"}
        assert {str(a["messaging.destination.name"]) for a in told} == {"emails"}
        for point in points:
            assert isinstance(point, HistogramDataPoint)
            assert list(point.explicit_bounds) == [
                0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
            ]  # fmt: skip

    async def test_failures_are_told_apart_by_their_error(self, world: World, telescope: Telescope) -> None:
        """As on the span."""
        queue = world.queue(telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            if job.order == "A-1001":
                raise ConnectionError

        ids = await queue.enqueue([SendReceipt("A-1001"), SendReceipt("A-1002")])
        await world.run(queue, send_receipt)
        await world.fails(ids[0], 1)
        await world.reaches(ids[1], JobState.COMPLETED)
        await counted(telescope, "messaging.process.duration", 2)
        errors = {str((p.attributes or {}).get("error.type")) for p in telescope.points("messaging.process.duration")}

        assert errors == {"ConnectionError", "None"}

    async def test_waiting_time_is_that_of_the_clock(self, world: World, telescope: Telescope) -> None:
        """From enqueue to the start."""
        queue = world.queue(telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            pass

        await queue.enqueue(SendReceipt("A-1001"))
        world.clock.advance(timedelta(minutes=3))
        await world.run(queue, send_receipt)
        await counted(telescope, "arrower.job.wait.duration", 1)
        [point] = telescope.points("arrower.job.wait.duration")

        assert isinstance(point, HistogramDataPoint)
        assert point.sum == 180

    async def test_claims_and_flushes_are_measured_by_their_jobs(self, world: World, telescope: Telescope) -> None:
        """All of the jobs, in few of either."""
        queue = world.queue(telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            pass

        await queue.enqueue([SendReceipt(str(number)) for number in range(200)])
        await world.run(queue, send_receipt)
        await counted(telescope, "arrower.attempts.ended", 200)

        for metric in ("arrower.claim.size", "arrower.completion.flush.size"):
            [point] = telescope.points(metric)
            assert isinstance(point, HistogramDataPoint)
            assert point.sum == 200

    async def test_places_in_use_are_those_of_running_pools(self, world: World, telescope: Telescope) -> None:
        """A pool that was shut down is not seen any more."""
        queue = world.queue("emails", pool_size=7, pool_name="post-office", telemetry=telescope.telemetry)
        running, finish = asyncio.Semaphore(0), asyncio.Event()

        async def send_receipt(job: SendReceipt) -> None:
            running.release()
            await finish.wait()

        await queue.enqueue([SendReceipt("A-1001"), SendReceipt("A-1002")])
        await world.run(queue, send_receipt)
        await running.acquire()
        await running.acquire()
        in_use = telescope.number("arrower.pool.in_use", name="emails", id="post-office")
        size = telescope.number("arrower.pool.size", name="emails", id="post-office")
        finish.set()
        await queue.shutdown()

        assert (in_use, size) == (2, 7)
        assert telescope.points("arrower.pool.in_use") == []

    async def test_no_series_is_told_by_a_job(self, world: World, telescope: Telescope) -> None:
        """A metric with the id of a job would grow for ever."""
        queue = world.queue(telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            if job.order == "A-1001":
                raise ConnectionError

        ids = await queue.enqueue([SendReceipt("A-1001"), SendReceipt("A-1002")])
        await world.run(queue, send_receipt)
        await world.fails(ids[0], 1)
        await counted(telescope, "arrower.attempts.ended", 2)
        names = {
            name
            for metric in telescope.metrics()
            for point in telescope.points(metric.name)
            for name in (point.attributes or {})
        }

        assert names <= {
            "messaging.system",
            "messaging.operation.name",
            "messaging.operation.type",
            "messaging.destination.name",
            "messaging.client.id",
            "messaging.arrower.type",
            "messaging.arrower.outcome",
            "messaging.arrower.state",
            "error.type",
        }

    async def test_metrics_of_the_conventions_are_what_these_say(self, world: World, telescope: Telescope) -> None:
        """Instrument, unit and attributes; of our own there is only the type of the job."""
        queue = world.queue(telemetry=telescope.telemetry)

        async def send_receipt(job: SendReceipt) -> None:
            raise ConnectionError

        await queue.enqueue(SendReceipt("A-1001"))
        await world.run(queue, send_receipt)
        await counted(telescope, "arrower.attempts.ended", 1)

        found = {metric.name: metric for metric in telescope.metrics() if metric.name.startswith("messaging.")}
        assert found.keys() == CONVENTIONS.keys()
        for name, (kind, unit, may_be_told) in CONVENTIONS.items():
            assert isinstance(found[name].data, kind)
            assert found[name].unit == unit
            for told in (set(point.attributes or {}) for point in telescope.points(name)):
                assert _ALWAYS_TOLD <= told <= may_be_told, name

    async def test_depth_and_age_are_those_of_all_queues(self, world: World, telescope: Telescope) -> None:
        """Also of queues that nobody works."""
        queue, unattended = world.queue("emails", telemetry=telescope.telemetry), world.queue("letters")

        async def send_receipt(job: SendReceipt) -> None:
            if job.order == "A-1001":
                raise Discard

        tomorrow = world.clock.now() + timedelta(days=1)
        await unattended.enqueue([ReserveStock("LAMP"), ReserveStock("CHAIR")])
        await unattended.enqueue(ReserveStock("DESK"), run_at=tomorrow)
        dead, done = await queue.enqueue([SendReceipt("A-1001"), SendReceipt("A-1002")])
        await world.run(queue, send_receipt)
        await world.reaches(dead, JobState.DEAD)
        await world.reaches(done, JobState.COMPLETED)
        world.clock.advance(timedelta(minutes=3))
        await eventually(lambda: telescope.number("arrower.queue.oldest_ready.age", name="letters") >= 180)
        depth = {
            (name, state): telescope.number("arrower.queue.depth", name=name, state=state)
            for name in ("emails", "letters")
            for state in JobState
        }

        assert {key: number for key, number in depth.items() if number} == {
            ("emails", "dead"): 1,
            ("emails", "completed"): 1,
            ("letters", "ready"): 2,
            ("letters", "scheduled"): 1,
        }
        assert telescope.number("arrower.queue.oldest_ready.age", name="emails") == 0
