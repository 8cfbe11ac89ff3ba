"""Jobs come out as they went in."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

from domain.jobs import JobState
from tests.worlds import World
from tests.worlds.jobs import CheckFraud


class Carrier(Enum):
    """Who brings it."""

    POST = "post"
    BICYCLE = "bicycle"


@dataclass(frozen=True)
class Address:
    """Where it goes."""

    street: str
    floor: int | None = None


@dataclass(frozen=True)
class Pickup:
    """Somebody comes for it."""

    at: datetime


@dataclass(frozen=True)
class Ship:
    """A job with a field of every kind."""

    order: UUID
    total: Decimal
    placed_at: datetime
    deliver_on: date
    not_before: time
    carrier: Carrier
    label: bytes
    to: Address | Pickup
    articles: tuple[str, ...]
    marks: frozenset[str]
    prices: dict[str, Decimal]
    insured: bool
    weight: float
    patience: timedelta
    gift_for: str | None = None
    history: list[Address] = field(default_factory=list[Address])


SHIP = Ship(
    order=UUID("0195f1b4-7a2e-7c3d-9b1a-2f6e5d4c3b2a"),
    total=Decimal("1249.90"),
    placed_at=datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC),
    deliver_on=date(2028, 2, 29),
    not_before=time(8, 30),
    carrier=Carrier.BICYCLE,
    label=bytes(range(256)),
    to=Address("Ehrenstraße 7", floor=None),
    articles=("CRUNCHY-ARMCHAIR", "SMALL-FORK", "日本の机 🪑", "", "\\u0000 is not NUL", 'quoted "twice"'),
    marks=frozenset({"fragile", "this side up"}),
    prices={"CRUNCHY-ARMCHAIR": Decimal("1249.00"), "SMALL-FORK": Decimal("0.90")},
    insured=True,
    weight=0.1,
    patience=timedelta(days=3, microseconds=1),
    history=[Address("Old Street 1", 4)],
)


class TestPayloads:
    """The job func receives a job that is equal to the one enqueued."""

    async def test_every_kind_of_field_comes_back_equal(self, world: World) -> None:
        """With values of the same types."""
        queue = world.queue()
        shipped: list[Ship] = []
        jobs = [
            SHIP,
            replace(SHIP, to=Pickup(datetime(2026, 3, 1, 9, tzinfo=UTC)), gift_for="Ada", history=[]),
            replace(SHIP, placed_at=datetime(2026, 2, 28, 12, tzinfo=timezone(timedelta(hours=5, minutes=45)))),
        ]

        async def ship(job: Ship) -> None:
            shipped.append(job)

        await world.run(queue, ship)
        for job in jobs:
            await world.reaches(await queue.enqueue(job), JobState.COMPLETED)

        assert shipped == jobs
        assert [repr(type(job.to)) for job in shipped] == [repr(type(job.to)) for job in jobs]

    async def test_control_characters_in_the_jobs_of_a_list_come_back(self, world: World) -> None:
        """Whatever separates the jobs of a list on their way."""
        queue = world.queue()
        texts = [f"{chr(number)}A{chr(number)}" for number in (*range(1, 32), 0x7F, 0x85, 0x2028)]

        job_ids = await queue.enqueue([CheckFraud(text) for text in texts])

        stored = [json.loads((await world.job(job_id)).payload)["order"] for job_id in job_ids]
        assert stored == texts

    async def test_it_can_be_read_by_people(self, world: World) -> None:
        """As the JSON object of the fields."""
        job_id = await world.queue().enqueue(SHIP)

        payload = json.loads((await world.job(job_id)).payload)

        assert payload["order"] == "0195f1b4-7a2e-7c3d-9b1a-2f6e5d4c3b2a"
        assert payload["total"] == "1249.90"
        assert payload["history"] == [{"street": "Old Street 1", "floor": 4}]
        assert payload["articles"][2] == "日本の机 🪑"

    async def test_what_a_job_func_does_to_its_job_stays_there(self, world: World) -> None:
        """The next attempt gets an equal job, whatever the first one changed."""
        queue = world.queue()
        seen: list[list[Address]] = []

        async def ship(job: Ship) -> None:
            seen.append(list(job.history))
            job.history.append(Address("Nowhere"))
            if len(seen) == 1:
                raise ConnectionError

        await world.run(queue, ship)
        job_id = await queue.enqueue(SHIP)
        await world.fails(job_id, 1)
        world.clock.advance(timedelta(hours=1))
        await world.reaches(job_id, JobState.COMPLETED)

        assert seen == [[Address("Old Street 1", 4)]] * 2
