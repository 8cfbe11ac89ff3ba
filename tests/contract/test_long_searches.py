"""Lists in which few of very many jobs match: each page searches a bounded number."""

from dataclasses import replace
from datetime import timedelta

import pytest

from application.jobs.looking import JobFilter, JobPage, ListJobs
from domain.jobs import JobId, JobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, SendReceipt

TYPES = {"fraud.check": 3, "tests.worlds.jobs.SendReceipt": 3}
SEARCHED = 10
"""Jobs that one page searches, here: five stretches of two."""


@pytest.fixture
def list_jobs(world: World) -> ListJobs:
    """Return the use case where two jobs are many."""
    return ListJobs(world.listing(most_read=2))


async def completed(world: World, queue: str, number: int) -> list[JobId]:
    """Return jobs that ended one after the other."""
    ids = await world.queue(queue).enqueue([CheckFraud(f"A-{n}") for n in range(number)])
    worker = await world.worker(TYPES, queue=queue, size=number)
    for job in await worker.claim(number):
        world.clock.advance(timedelta(seconds=1))
        await worker.complete(job)
    return ids


def ids_of(page: JobPage) -> list[JobId]:
    """Return who is on the page."""
    return [job.id for job in page.jobs]


@pytest.mark.parametrize("state", [None, JobState.COMPLETED])
@pytest.mark.parametrize(
    "wanted", [JobFilter(queue="tiny"), JobFilter(queue="tiny", type="fraud.check"), JobFilter(text="rare")]
)
async def test_what_lies_behind_a_long_history_is_found_page_by_page(
    world: World, list_jobs: ListJobs, wanted: JobFilter, state: JobState | None
) -> None:
    """Each page says that it was cut short, and the next one goes on where it stopped."""
    rare = await world.queue("tiny").enqueue(CheckFraud("rare"))
    worker = await world.worker(TYPES, queue="tiny")
    await worker.complete(await worker.claim_one())
    await completed(world, "big", 2 * SEARCHED)

    in_state = replace(wanted, state=state)
    pages = [await list_jobs(in_state, limit=5)]
    while pages[-1].next is not None:
        pages.append(await list_jobs(in_state, limit=5, after=pages[-1].next))

    assert [ids_of(page) for page in pages] == [[], [], [rare]]
    assert [page.is_cut_short for page in pages] == [True, True, False]


async def test_a_page_that_found_some_is_cut_short_as_well(world: World, list_jobs: ListJobs) -> None:
    """It has fewer than were asked for, and does not look like the end of the list."""
    await completed(world, "big", SEARCHED)
    (newest,) = await completed(world, "tiny", 1)

    page = await list_jobs(JobFilter(queue="tiny"), limit=5)

    assert (ids_of(page), page.is_cut_short) == ([newest], True)


async def test_a_full_page_is_not_cut_short(world: World, list_jobs: ListJobs) -> None:
    """Though the list goes on, and more has been searched than fits into a stretch."""
    ids = await completed(world, "big", SEARCHED)

    page = await list_jobs(JobFilter(queue="big"), limit=5)

    assert (ids_of(page), page.is_cut_short) == (ids[:4:-1], False)
    assert page.next is not None


class TestWhatIsFoundAtOnce:
    """Beside a search in all states that was cut short."""

    async def test_of_a_queue(self, world: World, list_jobs: ListJobs) -> None:
        """What waits, runs or died: by those states it need not be searched for."""
        tiny, worker = world.queue("tiny"), await world.worker(TYPES, queue="tiny")
        ids = await tiny.enqueue([CheckFraud("dead"), CheckFraud("running"), CheckFraud("ready"), SendReceipt("A-1")])
        await worker.bury(*await worker.claim(1))
        await worker.claim(1)
        later = await tiny.enqueue(CheckFraud("scheduled"), run_at=world.clock.now() + timedelta(days=1))
        await completed(world, "big", SEARCHED + 1)

        told = await list_jobs.found_at_once(JobFilter(queue="tiny"))
        of_a_type = await list_jobs.found_at_once(JobFilter(queue="tiny", type="fraud.check"))
        found = {state: ids_of(await list_jobs(JobFilter(queue="tiny", state=state))) for state in told}

        assert told == {
            JobState.RUNNING: 1,
            JobState.READY: 2,
            JobState.SCHEDULED: 1,
            JobState.DEAD: 1,
        }
        assert of_a_type == {**told, JobState.READY: 1}
        assert found == {
            JobState.DEAD: [ids[0]],
            JobState.RUNNING: [ids[1]],
            JobState.READY: ids[2:],
            JobState.SCHEDULED: [later],
        }

    async def test_of_a_type(self, world: World, list_jobs: ListJobs) -> None:
        """What runs or died. In a line of many others it waits to be found."""
        await world.queue().enqueue([SendReceipt("A-1"), SendReceipt("A-2"), SendReceipt("A-3")])
        worker = await world.worker(TYPES)
        await worker.bury(*await worker.claim(1))
        await worker.claim(1)
        await completed(world, "big", SEARCHED)

        told = await list_jobs.found_at_once(JobFilter(type="tests.worlds.jobs.SendReceipt"))

        assert told == {JobState.RUNNING: 1, JobState.DEAD: 1}

    async def test_nothing_where_a_state_or_a_text_is_meant(self, world: World, list_jobs: ListJobs) -> None:
        """The one is said already, and the other has to be searched for in each."""
        await world.queue("tiny").enqueue(CheckFraud("A-1001"))

        for wanted in (JobFilter(queue="tiny", state=JobState.READY), JobFilter(queue="tiny", text="A-1001")):
            assert await list_jobs.found_at_once(wanted) == {}
