"""What enqueue does not take."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from domain.jobs import (
    EnqueueFailed,
    InvalidJob,
    InvalidPriority,
    InvalidQueueOption,
    InvalidRunAt,
    JobState,
    PayloadTooLarge,
    UnrepresentablePayload,
)
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, InspectFraud, ReserveStock, SendReceipt


@dataclass(frozen=True)
class Carry:
    """A job that takes anything along."""

    luggage: Any


@dataclass(frozen=True)
class Call:
    """A job with a field that no storage can hold."""

    number: Callable[[], int]


NOT_JOBS = [
    pytest.param("", id="text"),
    pytest.param(b"", id="bytes"),
    pytest.param(7, id="number"),
    pytest.param(None, id="None"),
    pytest.param(lambda: None, id="function"),
    pytest.param({"order": "A-1001"}, id="dict"),
    pytest.param(SendReceipt, id="class instead of instance"),
    pytest.param(object(), id="object of a plain class"),
    pytest.param([], id="empty list"),
    pytest.param((), id="empty tuple"),
    pytest.param([SendReceipt("A-1001"), "A-1002"], id="list with one non-dataclass"),
    pytest.param([SendReceipt("A-1001"), SendReceipt], id="list with one class"),
    pytest.param([[SendReceipt("A-1001")]], id="list in a list"),
]

UNREPRESENTABLE = [
    pytest.param(Carry("form\0feed"), "NUL", id="NUL"),
    pytest.param(Carry("\ud800"), "Carry", id="half a surrogate pair"),
    pytest.param(Carry(object()), "Carry", id="object"),
    pytest.param(Carry(threading.Lock()), "Carry", id="lock"),
    pytest.param(Carry(float("nan")), "Carry", id="not a number"),
    pytest.param(Call(lambda: 7), "Call", id="function"),
    pytest.param(SendReceipt(1001), "SendReceipt", id="number in a text field"),  # type: ignore[arg-type]
]


class TestRefusedInput:
    """Refused with a readable error, and nothing is written."""

    @pytest.mark.parametrize("not_a_job", NOT_JOBS)
    async def test_what_is_not_a_job_is_refused(self, world: World, not_a_job: Any) -> None:
        """Only instances of dataclasses are jobs, and a list has at least one."""
        with pytest.raises(InvalidJob, match=r"instance of a dataclass|at least one job"):
            await world.queue().enqueue(not_a_job)

        assert await world.counts() == {}

    @pytest.mark.parametrize(("job", "said"), UNREPRESENTABLE)
    async def test_a_payload_that_would_not_come_back_equal_is_refused(
        self,
        world: World,
        job: Carry,
        said: str,
    ) -> None:
        """The error names the type of the job, and the jobs beside it are not written either."""
        with pytest.raises(UnrepresentablePayload, match=said):
            await world.queue().enqueue([SendReceipt("A-1001"), job])

        assert await world.counts() == {}

    async def test_a_payload_over_the_limit_is_refused(self, world: World) -> None:
        """The error tells the size and the limit."""
        with pytest.raises(PayloadTooLarge, match="limit") as refused:
            await world.queue().enqueue(ReserveStock("FORK " * 1_000_000))

        assert refused.value.size > refused.value.limit
        assert await world.counts() == {}

    @pytest.mark.parametrize("priority", [32_768, -32_769, 1.5, "high", None, True])
    async def test_a_priority_that_is_no_16_bit_integer_is_refused(self, world: World, priority: Any) -> None:
        """The error tells the range."""
        with pytest.raises(InvalidPriority, match="-32768"):
            await world.queue().enqueue(SendReceipt("A-1001"), priority=priority)

        assert await world.counts() == {}

    @pytest.mark.parametrize("priority", [-32_768, 32_767])
    async def test_the_ends_of_the_range_are_taken(self, world: World, priority: int) -> None:
        """All of the 16 bits can be used."""
        job_id = await world.queue().enqueue(SendReceipt("A-1001"), priority=priority)

        assert (await world.job(job_id)).priority == priority

    @pytest.mark.parametrize(
        "run_at",
        [
            pytest.param(datetime(2030, 1, 1), id="naive"),  # noqa: DTZ001  # that is what is refused
            pytest.param(date(2030, 1, 1), id="date"),
            pytest.param("2030-01-01T00:00:00Z", id="text"),
            pytest.param(timedelta(minutes=10), id="duration"),
            pytest.param(datetime.min.replace(tzinfo=timezone(timedelta(hours=5))), id="before the first year"),
        ],
    )
    async def test_a_run_at_that_is_no_aware_instant_is_refused(self, world: World, run_at: Any) -> None:
        """The error says what is expected."""
        with pytest.raises(InvalidRunAt, match="run_at"):
            await world.queue().enqueue(SendReceipt("A-1001"), run_at=run_at)

        assert await world.counts() == {}

    @pytest.mark.parametrize("run_at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
    async def test_the_first_and_the_last_instant_are_taken(self, world: World, run_at: datetime) -> None:
        """Every aware instant that Python knows can be stored."""
        job_id = await world.queue().enqueue(SendReceipt("A-1001"), run_at=run_at)

        assert (await world.job(job_id)).run_at == run_at

    @pytest.mark.parametrize(
        ("name", "said"),
        [("q" * 101, "101 characters"), ("line\nbreak", "printed"), (7, "must be a string")],
    )
    async def test_an_impossible_queue_name_is_refused(self, world: World, name: Any, said: str) -> None:
        """A queue with such a name cannot be made."""
        with pytest.raises(InvalidQueueOption, match=said):
            world.queue(name)

    @pytest.mark.parametrize(
        "option",
        [
            {"poll_interval": timedelta(0)},
            {"lease": timedelta(0)},
            {"pool_size": 0},
            {"pool_name": ""},
            {"pool_name": "p" * 101},
        ],
        ids="-".join,
    )
    async def test_an_option_out_of_range_is_refused(self, world: World, option: dict[str, Any]) -> None:
        """The error names the option."""
        with pytest.raises(InvalidQueueOption, match=next(iter(option))):
            world.queue(**option)

    async def test_a_unit_of_work_survives_refused_input(self, world: World) -> None:
        """What else was done in the unit is committed."""
        queue = world.queue()

        async with world.unit_of_work:
            await queue.enqueue(SendReceipt("A-1001"))
            with pytest.raises(EnqueueFailed):
                await queue.enqueue(Carry("form\0feed"))
            await queue.enqueue(SendReceipt("A-1002"))

        assert await world.counts() == {JobState.READY: 2}


class TestUnreadablePayload:
    """A stored payload that does not fit its class."""

    async def test_it_kills_that_job_and_not_the_worker(self, world: World) -> None:
        """The job is dead at once, its error kept; those after it run."""
        queue = world.queue(pool_size=1)
        inspected: list[InspectFraud] = []

        async def inspect_fraud(job: InspectFraud) -> None:
            inspected.append(job)

        unreadable = await queue.enqueue(CheckFraud("A-1001"))
        readable = await queue.enqueue(InspectFraud(42))
        await world.run(queue, inspect_fraud)
        await world.reaches(readable, JobState.COMPLETED)
        job = await world.reaches(unreadable, JobState.DEAD)

        assert inspected == [InspectFraud(42)]
        assert len(job.attempts) == 1
        assert "customer_number" in str(job.attempts[0].error)
