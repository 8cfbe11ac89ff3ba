"""Completions of several queues in one statement."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from adapters.postgres.joint_completions import JointCompletions
from application.jobs.job_store import ClaimedJob, EndedAttempt
from domain.jobs import JobId

NOW = 1_780_000_000_000_000


def ended(number: int) -> EndedAttempt:
    """Return an attempt at a job."""
    return EndedAttempt(ClaimedJob(0, NOW, JobId(number), "receipt", "{}", 1, 1, 0, NOW, None), NOW, NOW)


async def test_a_queue_does_not_suffer_from_what_another_is_refused() -> None:
    """Each of those that were written together is written by itself then."""
    statements: list[list[int]] = []
    first_is_under_way = asyncio.Event()
    go_on = asyncio.Event()

    async def complete(attempts: Sequence[EndedAttempt]) -> list[ClaimedJob]:
        statements.append([attempt.job.id for attempt in attempts])
        if len(statements) == 1:
            first_is_under_way.set()
            await go_on.wait()
        if 3 in statements[-1]:
            raise asyncpg.UniqueViolationError
        return []

    joint = JointCompletions(complete)
    first = asyncio.create_task(joint.complete([ended(1)]))
    await first_is_under_way.wait()
    good, bad = asyncio.create_task(joint.complete([ended(2)])), asyncio.create_task(joint.complete([ended(3)]))
    await asyncio.sleep(0)
    go_on.set()

    assert await first == await good == []
    with pytest.raises(asyncpg.UniqueViolationError):
        await bad
    assert statements == [[1], [2, 3], [2], [3]]
