"""Storage is asked once for all who look."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sse_starlette import ServerSentEvent

from adapters.web.readings import Readings
from adapters.web.troubles import Troubled
from adapters.web.watching import Drawing, changes
from application.jobs.looking import DatabaseTrouble
from domain.jobs import JobId, JobNotFound

LONG = timedelta(hours=1)
NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Storage:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.answers = asyncio.Event()

    async def read(self) -> int:
        """Answer with the number of the question, as soon as it is let."""
        self.asked += 1
        await self.answers.wait()
        return self.asked


@pytest.fixture
async def storage() -> Storage:
    """Return one that answers when told to."""
    return Storage()


async def test_many_who_ask_at_once_are_one(storage: Storage) -> None:
    """They wait for the same answer."""
    readings = Readings(LONG)
    waiting = [asyncio.create_task(readings.get("queues", storage.read)) for _ in range(50)]
    await asyncio.sleep(0)
    storage.answers.set()

    assert await asyncio.gather(*waiting) == [1] * 50
    assert await readings.get("queues", storage.read) == 1


async def test_another_question_is_another(storage: Storage) -> None:
    """Keys tell them apart."""
    storage.answers.set()
    readings = Readings(LONG)

    assert await readings.get("queues", storage.read) == 1
    assert await readings.get("workers", storage.read) == 2


async def test_after_a_change_everything_is_read_anew(storage: Storage) -> None:
    """Who acted sees what came of it."""
    storage.answers.set()
    readings = Readings(LONG)
    await readings.get("queues", storage.read)

    readings.forget()

    assert await readings.get("queues", storage.read) == 2


async def test_the_next_turn_reads_anew(storage: Storage) -> None:
    """And no sooner."""
    storage.answers.set()
    readings = Readings(timedelta(milliseconds=20))
    await readings.get("queues", storage.read)

    await readings.next_turn()

    assert await readings.get("queues", storage.read) == 2


async def test_one_who_leaves_takes_nothing_away(storage: Storage) -> None:
    """The others get their answer."""
    readings = Readings(LONG)
    leaving, staying = (asyncio.create_task(readings.get("queues", storage.read)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    storage.answers.set()

    assert await staying == 1


async def test_an_error_reaches_everybody_who_waits_and_is_not_kept_for_ever() -> None:
    """The next turn may go better."""
    readings = Readings(timedelta(milliseconds=20))

    async def fail() -> None:
        raise ConnectionError

    answers = await asyncio.gather(*(readings.get("queues", fail) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError] * 3
    await readings.next_turn()

    async def succeed() -> int:
        return 1

    assert await readings.get("queues", succeed) == 1


async def test_viewers_share_what_is_read_and_get_only_what_changed(storage: Storage) -> None:
    """Ten of them for three turns cost no more than one, and hear nothing where nothing happens."""
    storage.answers.set()
    readings = Readings(timedelta(milliseconds=100))
    turns = 0

    async def read() -> str:
        nonlocal turns
        turns += 1
        return "the same"

    async def draw() -> Drawing:
        return Drawing(await readings.get("overview", read), NOW)

    streams = [changes(readings, draw) for _ in range(10)]
    first = await asyncio.gather(*(anext(stream) for stream in streams))
    more = [asyncio.ensure_future(anext(stream)) for stream in streams]
    for _ in range(2):
        await readings.next_turn()
    silent = [not task.done() for task in more]
    for task in more:
        task.cancel()
    await asyncio.gather(*more, return_exceptions=True)

    assert all("the same" in str(event.encode()) for event in first)
    assert all(silent)
    assert turns <= 4


async def test_a_failure_is_told_and_not_the_end() -> None:
    """The page says so, and goes on with the next turn."""
    answers = iter([ConnectionError("the password is sesame"), JobNotFound(JobId(7))])

    async def draw() -> Drawing:
        for error in answers:
            raise error
        return Drawing("well again", NOW)

    readings = Readings(timedelta(milliseconds=10))
    events = [event async for event in first(3, changes(readings, draw))]

    assert [event.event for event in events] == ["trouble", "trouble", "contents"]
    assert [event.data for event in events] == ["The queues cannot be read", "there is no job 7", "well again"]


async def test_a_database_that_is_away_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """In one line, however many turns it takes to come back; and once more if it goes again."""
    away = Troubled(DatabaseTrouble.UNREACHABLE, "ConnectionRefusedError: nobody listens")
    answers: Iterator[Troubled | None] = iter([away, away, away, None, away, None])

    async def draw() -> Drawing:
        error = next(answers)
        if error is not None:
            raise error
        return Drawing("well again", NOW)

    events = [event async for event in first(4, changes(Readings(timedelta(milliseconds=10)), draw))]

    assert [event.data for event in events] == ["The database cannot be reached", "well again"] * 2
    assert caplog.messages == ["the database cannot be reached: ConnectionRefusedError: nobody listens"] * 2


async def first(number: int, events: AsyncIterator[ServerSentEvent]) -> AsyncIterator[ServerSentEvent]:
    """Yield the first of them."""
    for _ in range(number):
        yield await anext(events)
