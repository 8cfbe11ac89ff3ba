"""Input at the edge of what can be stored, and beyond: it comes back equal or is refused, and harms nobody."""

from dataclasses import dataclass, make_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.jobs import EnqueueFailed, JobState
from tests.worlds import World
from tests.worlds.jobs import SendReceipt


@dataclass(frozen=True)
class Say:
    """Text."""

    text: str


@dataclass(frozen=True)
class Count:
    """A whole number."""

    number: int


@dataclass(frozen=True)
class Weigh:
    """A number that is not whole."""

    weight: float


@dataclass(frozen=True)
class Remember:
    """An instant."""

    at: datetime


@dataclass(frozen=True)
class Nest:
    """Anything in anything."""

    inner: Any


def nested(levels: int) -> list[Any]:
    """Return a list in a list in a list."""
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner]
    return inner


TAKEN = [
    pytest.param(Say("x" * 1_000_000), id="1 MB of text"),
    pytest.param(Say("'; drop table arrower.jobs; -- \" % %s $1 {schema} \\ \\u0000 \\x00"), id="syntax of all kinds"),
    pytest.param(Say("💣 \u202e right to left \ufeff \u2028 \x7f \x1b[31m"), id="characters that do things"),
    pytest.param(Count(2**63), id="2^63"),
    pytest.param(Count(-(2**63) - 1), id="below -2^63"),
    pytest.param(Count(10**100 - 1), id="100 digits"),
    pytest.param(Weigh(1.7976931348623157e308), id="largest float"),
    pytest.param(Weigh(5e-324), id="smallest float"),
    pytest.param(Remember(datetime.min.replace(tzinfo=UTC)), id="year 1"),
    pytest.param(Remember(datetime.max.replace(tzinfo=UTC)), id="year 9999"),
    pytest.param(Remember(datetime(2026, 3, 29, 2, 30)), id="naive, as the field says nothing else"),  # noqa: DTZ001
]

REFUSED = [
    pytest.param(Say("form\0feed"), id="NUL"),
    pytest.param(Say("half a \ud83d pair"), id="lone surrogate"),
    pytest.param(Say("x" * 2_000_000), id="over the limit"),
    pytest.param(Count(10**5_000), id="5,000 digits"),
    pytest.param(Weigh(float("nan")), id="not a number"),
    pytest.param(Weigh(float("inf")), id="infinity"),
    pytest.param(Weigh(float("-inf")), id="minus infinity"),
    pytest.param(Nest(nested(1_000)), id="nested 1,000 deep"),
    pytest.param(Nest({"form\0feed": 1}), id="NUL in a key"),
    pytest.param(Nest({"\udc80": 1}), id="lone surrogate in a key"),
]


class TestHostileInput:
    """A payload at the edge."""

    @pytest.mark.parametrize("job", TAKEN)
    async def test_comes_back_equal(self, world: World, job: Any) -> None:
        """To the job func, and the job beside it runs."""
        queue, seen = world.queue(), list[Any]()

        async def see(given: Any) -> None:
            seen.append(given)

        async def send_receipt(given: SendReceipt) -> None:
            """Send nothing."""

        see.__annotations__["given"] = type(job)
        await world.run(queue, see, send_receipt)
        ids = await queue.enqueue([job, SendReceipt("A-1001")])
        for job_id in ids:
            await world.reaches(job_id, JobState.COMPLETED)

        assert seen == [job]

    @pytest.mark.parametrize("job", REFUSED)
    async def test_or_is_refused_with_a_short_error_and_nothing_is_written(self, world: World, job: Any) -> None:
        """In a list, too, and the queue works on."""
        queue = world.queue()

        with pytest.raises(EnqueueFailed, match=type(job).__name__) as refused:
            await queue.enqueue([SendReceipt("A-1001"), job])

        assert len(str(refused.value)) < 1_000
        assert await world.counts() == {}
        await queue.enqueue(SendReceipt("A-1002"))
        assert await world.counts() == {JobState.READY: 1}

    async def test_a_unit_of_work_that_meets_all_of_it_commits_the_rest(self, world: World) -> None:
        """What was refused was never sent."""
        async with world.unit_of_work:
            for parameters in REFUSED:
                job: Any = parameters.values[0]
                with pytest.raises(EnqueueFailed):
                    await world.queue().enqueue(job)
            await world.queue().enqueue(SendReceipt("A-1001"))

        assert await world.counts() == {JobState.READY: 1}


NAMES = ["it's", 'say "hi"', "; drop table arrower.jobs; --", "100 %s %d %", "$1", "{schema}", "📮:a:b", "x" * 100]


class TestHostileNames:
    """Quotes, semicolons, percent signs and emoji."""

    @pytest.mark.parametrize("name", NAMES)
    async def test_mean_nothing_in_the_name_of_a_queue_a_pool_or_a_type(self, world: World, name: str) -> None:
        """They are names like all others."""
        odd: Any = make_dataclass("Odd", [("text", str)], namespace={"job_type": name})
        queue, seen = world.queue(name, pool_name=name), list[str]()

        async def run_odd(job: Any) -> None:
            await world.write(job.text)
            seen.append(job.text)

        run_odd.__annotations__["job"] = odd
        await world.run(queue, run_odd)
        job_id = await queue.enqueue(odd(name))
        job = await world.reaches(job_id, JobState.COMPLETED)

        assert seen == list(await world.effects()) == [name]
        assert (job.queue, job.type, job.attempts[0].pool_name) == (name, name, name)
        assert await world.counts(name) == {JobState.COMPLETED: 1}

    @pytest.mark.parametrize("name", ["form\0feed", "\ud800", "line\nbreak", "", "x" * 201])
    async def test_that_nobody_could_print_are_refused_as_types(self, world: World, name: str) -> None:
        """Before anything is written."""
        odd: Any = make_dataclass("Odd", [("text", str)], namespace={"job_type": name})

        with pytest.raises(EnqueueFailed):
            await world.queue().enqueue(odd("hi"))

        assert await world.counts() == {}
