"""Enqueueing a job from JSON."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.jobs import (
    InvalidPriority,
    InvalidQueueOption,
    InvalidRequest,
    InvalidRunAt,
    JobState,
    UnknownJobType,
    UnrepresentablePayload,
)
from tests.worlds import World
from tests.worlds.jobs import SendReceipt, WelcomeCustomer

RECEIPT = "tests.worlds.jobs.SendReceipt"


class TestEnqueueByHand:
    """What somebody typed is read as a worker would read it."""

    async def test_the_job_func_gets_what_was_typed(self, world: World) -> None:
        """With the defaults of its class."""
        received: list[SendReceipt] = []

        async def send_receipt(job: SendReceipt) -> None:
            received.append(job)

        queue = world.queue("mail", poll_interval=timedelta(hours=1))
        await world.run(queue, send_receipt)
        job_id = await world.room.enqueue(RECEIPT, '{"order": "A-1001"}', queue="mail")
        await world.reaches(job_id, JobState.COMPLETED)

        assert received == [SendReceipt("A-1001", Decimal("19.90"))]

    async def test_with_priority_and_time(self, world: World) -> None:
        """As enqueue takes them."""
        tomorrow = world.clock.now() + timedelta(days=1)

        job_id = await world.room.enqueue("fraud.check", '{"order": "A-1001"}', priority=-3, run_at=tomorrow)

        job = await world.job(job_id)
        assert (job.priority, job.run_at, job.state, job.queue) == (-3, tomorrow, JobState.SCHEDULED, "")

    async def test_under_a_former_name_it_gets_the_name_of_today(self, world: World) -> None:
        """As if the class had been enqueued."""
        job_id = await world.room.enqueue("customer.greet", '{"name": "Ada"}')

        assert (await world.job(job_id)).type == WelcomeCustomer.job_type

    @pytest.mark.parametrize(
        "payload",
        [
            "",
            "{",
            "[]",
            "null",
            "{}",
            '{"order": 7}',
            '{"order": "A", "colour": "red"}',
            '{"order": "a\\u0000b"}',
            "[" * 9_999,
        ],
    )
    async def test_a_payload_that_does_not_fit_is_refused(self, world: World, payload: str) -> None:
        """Nothing is written."""
        with pytest.raises((InvalidRequest, UnrepresentablePayload), match=r"order|JSON|object|NUL|fit"):
            await world.room.enqueue("fraud.check", payload)

        assert await world.counts() == {}

    async def test_an_unknown_type_is_refused_and_the_known_ones_named(self, world: World) -> None:
        """Those whose classes are known here, and those that only workers know."""
        await world.worker({"report.build": 3})

        with pytest.raises(UnknownJobType, match=r"fraud\.check.*report\.build") as refused:
            await world.room.enqueue("report.build", "{}")

        assert RECEIPT in refused.value.known
        assert refused.value.known_to_workers == ("report.build",)
        with pytest.raises(UnknownJobType):
            await world.room.enqueue("nobody.knows", "{}", unchecked=True)

    async def test_a_type_that_only_workers_know_can_be_taken_unchecked(self, world: World) -> None:
        """It has to be a JSON object all the same."""
        worker = await world.worker({"report.build": 3})

        job_id = await world.room.enqueue("report.build", '{"year": 2026}', unchecked=True)

        job = await worker.claim_one()
        assert (job.id, json.loads(job.payload)) == (job_id, {"year": 2026})
        for payload in ("", "[]", "{", '{"x": NaN}', '{"x": "\\u0000"}', "[" * 9_999):
            with pytest.raises(InvalidRequest, match="payload"):
                await world.room.enqueue("report.build", payload, unchecked=True)

    async def test_whatever_else_enqueue_refuses_is_refused(self, world: World) -> None:
        """With its errors."""
        refused: list[tuple[dict[str, Any], type[Exception]]] = [
            ({"priority": 40_000}, InvalidPriority),
            ({"run_at": world.clock.now().replace(tzinfo=None)}, InvalidRunAt),
            ({"queue": "x" * 101}, InvalidQueueOption),
        ]
        for arguments, error in refused:
            with pytest.raises(error):
                await world.room.enqueue("fraud.check", '{"order": "A-1001"}', **arguments)

    async def test_tells_which_types_it_knows(self, world: World) -> None:
        """By name."""
        assert "fraud.check" in await world.room.enqueue.known_types()
