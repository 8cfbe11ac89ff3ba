"""Finding jobs by what they have in common, page by page."""

from datetime import timedelta
from itertools import chain

import pytest

from application.jobs.error_report import report
from application.jobs.job_store import WorkerId
from application.jobs.looking import JobFilter, JobPage
from domain.jobs import InvalidRequest, JobId, JobState
from tests.worlds import HandWorker, World
from tests.worlds.jobs import CheckFraud, ReserveStock, SendReceipt

TYPES = {"fraud.check": 3, "tests.worlds.jobs.SendReceipt": 3}
A_SECOND = timedelta(seconds=1)


async def one_in_each_state(world: World) -> dict[JobState, JobId]:
    """Return six jobs of the queue "office"."""
    queue, worker = world.queue("office"), await world.worker(TYPES, queue="office")
    ids: dict[JobState, JobId] = {}
    for state, end in ((JobState.COMPLETED, worker.complete), (JobState.DEAD, worker.bury)):
        ids[state] = await queue.enqueue(CheckFraud(f"{state}"))
        await end(await worker.claim_one())
    ids[JobState.RUNNING] = await queue.enqueue(CheckFraud("running"))
    await worker.claim_one()
    ids[JobState.CANCELLED] = await queue.enqueue(CheckFraud("cancelled"))
    await world.operations.cancel(ids[JobState.CANCELLED])
    ids[JobState.READY] = await queue.enqueue(CheckFraud("ready"))
    ids[JobState.SCHEDULED] = await queue.enqueue(CheckFraud("scheduled"), run_at=world.clock.now() + A_SECOND)
    return ids


def ids_of(page: JobPage) -> list[JobId]:
    """Return who is on the page."""
    return [job.id for job in page.jobs]


async def finished(world: World, worker: HandWorker, number: int) -> list[JobId]:
    """Return so many completed jobs, each ended a second after the one before, the last enqueued first."""
    ids = [await world.queue().enqueue(CheckFraud(f"A-{n}"), priority=-n) for n in range(number)]
    for _ in range(number):
        (job,) = await worker.claim(1)
        world.clock.advance(A_SECOND)
        await worker.complete(job)
    return ids


class TestFilters:
    """Queue, state, type, text, worker, error and age."""

    async def test_by_state(self, world: World) -> None:
        """Each job is in one list."""
        ids = await one_in_each_state(world)

        for state, job_id in ids.items():
            page = await world.room.jobs(JobFilter(state=state))
            assert (ids_of(page), page.next) == ([job_id], None)
            assert page.jobs[0].state is state
        assert ids_of(await world.room.jobs(JobFilter())) == sorted(ids.values(), reverse=True)

    async def test_by_queue_and_type(self, world: World) -> None:
        """Exactly those names."""
        first = await world.queue("mail").enqueue(SendReceipt("A-1001"))
        second = await world.queue().enqueue(SendReceipt("A-1002"))
        third = await world.queue().enqueue(CheckFraud("A-1003"))

        assert ids_of(await world.room.jobs(JobFilter(queue="mail"))) == [first]
        assert ids_of(await world.room.jobs(JobFilter(queue=""))) == [third, second]
        assert ids_of(await world.room.jobs(JobFilter(type="fraud.check"))) == [third]
        assert ids_of(await world.room.jobs(JobFilter(queue="mail", type="fraud.check"))) == []
        for queue in ("mai", "MAIL", "%", "nowhere"):
            assert ids_of(await world.room.jobs(JobFilter(queue=queue))) == []

    @pytest.mark.parametrize("text", ["müller & söhne", "MÜLLER", "100 %", "'; drop table jobs; --", "a_b"])
    async def test_by_text_in_the_payload(self, world: World, text: str) -> None:
        """In whatever case; nothing in it has a meaning of its own."""
        queue = world.queue()
        await queue.enqueue(CheckFraud("nothing of the kind: aXb, 100 pieces"))
        job_id = await queue.enqueue(CheckFraud("Müller & Söhne 100 % '; drop table jobs; -- a_b"))

        for state in (None, JobState.READY):
            assert ids_of(await world.room.jobs(JobFilter(text=text, state=state))) == [job_id]
            assert await world.room.jobs.count(JobFilter(text=text, state=state)) == 1

    async def test_by_the_worker_that_runs_them(self, world: World) -> None:
        """Only what it owns now."""
        queue = world.queue()
        first, second = await queue.enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        ada, bob = await world.worker(TYPES, pool_name="ada"), await world.worker(TYPES, pool_name="bob")
        await ada.claim(1)
        await bob.claim(1)

        for worker, job_id in ((ada, first), (bob, second)):
            page = await world.room.jobs(JobFilter(state=JobState.RUNNING, worker=worker.id))
            assert ids_of(page) == [job_id]

    async def test_by_the_time_of_their_end(self, world: World) -> None:
        """Those that ended before."""
        worker = await world.worker(TYPES)
        first, second, third = reversed(await finished(world, worker, 3))
        before = world.clock.now()

        page = await world.room.jobs(JobFilter(state=JobState.COMPLETED, finished_before=before))
        assert ids_of(page) == [second, first]
        assert third not in ids_of(page)
        assert await world.room.jobs.count(JobFilter(state=JobState.COMPLETED, finished_before=before)) == 2

    async def test_what_cannot_be_meant_is_refused(self) -> None:
        """With the reason."""
        with pytest.raises(InvalidRequest, match="worker needs a state, one of running"):
            JobFilter(worker=WorkerId(1))
        with pytest.raises(InvalidRequest, match="error needs a state, one of dead"):
            JobFilter(error="ValueError", state=JobState.READY)
        with pytest.raises(InvalidRequest, match="NUL"):
            JobFilter(text="a\0b")


class TestPages:
    """Each job once, in order, whatever happens between two pages."""

    @pytest.mark.parametrize("newest_first", [True, False])
    async def test_of_all_jobs_in_order_of_enqueue(self, world: World, *, newest_first: bool) -> None:
        """Neither their priority nor their time matters."""
        queue = world.queue()
        ids = [await queue.enqueue(CheckFraud(f"A-{n}"), priority=-n) for n in range(7)]
        pages = await self._all_pages(world, JobFilter(queue=""), newest_first=newest_first)

        assert [len(page) for page in pages] == [3, 3, 1]
        assert list(chain.from_iterable(pages)) == (ids[::-1] if newest_first else ids)

    @pytest.mark.parametrize("newest_first", [None, True, False])
    async def test_of_ready_jobs_in_the_order_in_which_they_start(
        self, world: World, *, newest_first: bool | None
    ) -> None:
        """By priority, then time, then enqueue, whatever their queue: what runs next comes first."""
        now, ids = world.clock.now(), dict[str, JobId]()
        for number, (name, priority, seconds) in enumerate(
            [("late", 0, 0), ("low", 5, -9), ("urgent", -5, 0), ("early", 0, -3), ("later", 0, 0), ("lowest", 9, -9)]
        ):
            queue = world.queue(("emails", "reports", "")[number % 3])
            ids[name] = await queue.enqueue(CheckFraud(name), priority=priority, run_at=now + seconds * A_SECOND)
        line = [ids[name] for name in ("urgent", "early", "late", "later", "low", "lowest")]

        for kind in (None, "fraud.check"):
            wanted = JobFilter(state=JobState.READY, type=kind)
            pages = await self._all_pages(world, wanted, newest_first=newest_first)
            assert list(chain.from_iterable(pages)) == (line[::-1] if newest_first else line)

    @pytest.mark.parametrize("newest_first", [None, True, False])
    async def test_of_scheduled_jobs_in_the_order_in_which_they_are_due(
        self, world: World, *, newest_first: bool | None
    ) -> None:
        """Those of the same instant by their enqueue; their priority does not matter before they are ready."""
        tomorrow = world.clock.now() + timedelta(days=1)
        second = await world.queue("emails").enqueue([CheckFraud(f"A-{n}") for n in range(4)], run_at=tomorrow)
        third = await world.queue("reports").enqueue([CheckFraud("B")] * 2, run_at=tomorrow, priority=-9)
        first = await world.queue().enqueue(CheckFraud("C"), run_at=tomorrow - A_SECOND, priority=9)
        line = [first, *second, *third]

        pages = await self._all_pages(world, JobFilter(state=JobState.SCHEDULED), newest_first=newest_first)

        assert list(chain.from_iterable(pages)) == (line[::-1] if newest_first else line)

    @pytest.mark.parametrize("newest_first", [True, False])
    async def test_of_finished_jobs_in_order_of_their_end(self, world: World, *, newest_first: bool) -> None:
        """Here those enqueued last ended first."""
        worker = await world.worker(TYPES)
        ids = await finished(world, worker, 7)

        pages = await self._all_pages(world, JobFilter(state=JobState.COMPLETED), newest_first=newest_first)

        assert list(chain.from_iterable(pages)) == (ids if newest_first else ids[::-1])

    async def test_of_jobs_that_ended_at_the_same_instant(self, world: World) -> None:
        """None is left out and none is there twice."""
        ids = await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(7)])
        worker = await world.worker(TYPES)
        for job in await worker.claim():
            await worker.bury(job)

        pages = await self._all_pages(world, JobFilter(state=JobState.DEAD))

        assert list(chain.from_iterable(pages)) == ids[::-1]

    async def test_jobs_that_come_meanwhile_shift_nothing(self, world: World) -> None:
        """The next page begins where the last one ended."""
        queue = world.queue()
        ids = await queue.enqueue([CheckFraud(f"A-{n}") for n in range(4)])
        first = await world.room.jobs(JobFilter(), limit=2)
        await queue.enqueue(CheckFraud("A-1001"))
        await world.operations.delete(ids[3])

        second = await world.room.jobs(JobFilter(), limit=2, after=first.next)

        assert (ids_of(first), ids_of(second), second.next) == (ids[:1:-1], ids[1::-1], None)

    async def test_a_list_that_ends_with_a_page_has_no_next_one(self, world: World) -> None:
        """Also an empty one."""
        assert (await world.room.jobs(JobFilter())).next is None
        await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        assert (await world.room.jobs(JobFilter(), limit=2)).next is None

    @pytest.mark.parametrize(
        "cursor",
        [
            "",
            "x",
            "é",
            "bnVsbA",
            "W10",
            "WzEsMl0",
            "WyJub29uIiwxXQ",
            "WyIyMDI2LTAxLTAxVDAwOjAwIiwxXQ",
            "W251bGwsMS41LG51bGxd",
            "W251bGwsMSxudWxsLG51bGxd",
            "W251bGwsMSwxLjVd",
            "W251bGwsOTIyMzM3MjAzNjg1NDc3NTgwOCxudWxsXQ",
        ],
    )
    async def test_a_cursor_that_is_none_is_refused(self, world: World, cursor: str) -> None:
        """It may come from an address that somebody typed."""
        with pytest.raises(InvalidRequest, match="not where a page ended"):
            await world.room.jobs(JobFilter(), after=cursor)

    async def test_a_cursor_of_another_list_is_refused_or_harmless(self, world: World) -> None:
        """It names a place that list does not have."""
        await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
        page = await world.room.jobs(JobFilter(), limit=1)

        for state in (JobState.DEAD, JobState.READY, JobState.SCHEDULED):
            with pytest.raises(InvalidRequest, match="another order"):
                await world.room.jobs(JobFilter(state=state), after=page.next)

    @pytest.mark.parametrize("limit", [0, -1, 1_001])
    async def test_a_page_has_a_size(self, world: World, limit: int) -> None:
        """From one to a thousand."""
        with pytest.raises(InvalidRequest, match="from 1 to 1000"):
            await world.room.jobs(JobFilter(), limit=limit)

    async def _all_pages(
        self, world: World, wanted: JobFilter, *, newest_first: bool | None = None
    ) -> list[list[JobId]]:
        pages, after = [], None
        while True:
            page = await world.room.jobs(wanted, limit=3, after=after, newest_first=newest_first)
            pages.append(ids_of(page))
            after = page.next
            if after is None:
                return pages


class TestSummaries:
    """What a list tells of a job."""

    async def test_a_job_that_waits_for_a_retry_tells_why(self, world: World) -> None:
        """The last error, with the attempts it used."""
        await world.queue().enqueue(CheckFraud("A-1001"), priority=4)
        worker = await world.worker(TYPES)
        await worker.retry(await worker.claim_one())

        (job,) = (await world.room.jobs(JobFilter(state=JobState.SCHEDULED))).jobs

        assert (job.type, job.priority, job.attempt) == ("fraud.check", 4, 1)
        assert job.error == "RuntimeError: the printer is out of paper"
        assert '"A-1001"' in job.payload
        assert (job.enqueued_at, job.run_at) == (world.clock.now(), world.clock.now() + timedelta(minutes=10))
        assert (job.started_at, job.finished_at) == (None, None)

    async def test_each_tells_of_its_own_error(self, world: World) -> None:
        """Though others failed of something else, before and after."""
        worker = await world.worker(TYPES)
        errors = ["out of paper", "out of ink", "out of order"]
        for error in errors:
            await world.queue().enqueue(CheckFraud("A-1001"))
            await worker.store.bury(worker.ended(await worker.claim_one()), report(RuntimeError(error)))

        page = await world.room.jobs(JobFilter(state=JobState.DEAD))

        assert sorted(str(job.error) for job in page.jobs) == sorted(f"RuntimeError: {error}" for error in errors)

    async def test_a_job_that_runs_again_or_completed_has_no_error(self, world: World) -> None:
        """What it failed of before is in its history."""
        await world.queue().enqueue(CheckFraud("A-1001"))
        worker = await world.worker(TYPES)
        await worker.retry(await worker.claim_one(), timedelta(0))
        again = await worker.claim_one()
        running = await world.room.jobs(JobFilter(state=JobState.RUNNING))
        await worker.complete(again)
        completed = await world.room.jobs(JobFilter(state=JobState.COMPLETED))

        assert [(job.attempt, job.error) for job in (*running.jobs, *completed.jobs)] == [(2, None), (2, None)]

    async def test_tells_begin_and_end(self, world: World) -> None:
        """Of what runs or has finished."""
        ids = await one_in_each_state(world)
        now = world.clock.now()

        jobs = {job.id: job for job in (await world.room.jobs(JobFilter())).jobs}
        times = {state: (jobs[job_id].started_at, jobs[job_id].finished_at) for state, job_id in ids.items()}

        assert times == {
            JobState.COMPLETED: (now, now),
            JobState.DEAD: (now, now),
            JobState.CANCELLED: (None, now),
            JobState.RUNNING: (now, None),
            JobState.READY: (None, None),
            JobState.SCHEDULED: (None, None),
        }

    async def test_shows_the_beginning_of_a_long_payload(self, world: World) -> None:
        """Not megabytes."""
        await world.queue().enqueue(ReserveStock("x" * 10_000))

        (job,) = (await world.room.jobs(JobFilter())).jobs

        assert len(job.payload) == 500
