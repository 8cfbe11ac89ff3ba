"""What the tables themselves see to, for those who write into them in SQL."""

import asyncpg
import pytest

from adapters.postgres.driver import Pool
from adapters.postgres.schema import Schema
from tests.worlds.deadline import eventually

JOB = "insert into arrower.jobs (type, payload, {column}) values ('fraud.check', '{{}}', {value})"
ATTEMPT = """
insert into arrower.attempts (job_id, attempt, started_at, finished_at, outcome, error, traceback)
values (1, 1, now(), now(), 'lost', '', '')"""


@pytest.mark.parametrize(
    "statement",
    [JOB.format(column="state", value="'lost'"), JOB.format(column="queue", value="repeat('q', 101)"), ATTEMPT],
    ids=["state", "queue", "outcome"],
)
async def test_what_nobody_could_work_with_is_refused(pool: Pool, statement: str) -> None:
    """States and outcomes that there are not, and names that no queue has."""
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(statement)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("priority", "7", "r:7:"),
        ("run_at", "now() - interval '1 minute'", "r:-32768:"),
        ("run_at, state", "now() + interval '1 day', 'scheduled'", "s::"),
    ],
    ids=["ready", "ready for long", "scheduled"],
)
async def test_workers_are_told_where_to_look(pool: Pool, column: str, value: str, told: str) -> None:
    """Among ready jobs from its priority on, or from the start, where it stands before others; or for the next time."""
    heard: list[object] = []

    def hear(*notification: object) -> None:
        heard.append(notification[-1])

    async with pool.acquire() as connection:
        await connection.add_listener(Schema().channel, hear)
        await pool.execute(JOB.format(column=column, value=value))
        await eventually(lambda: heard == [told], lambda: heard)
        await connection.remove_listener(Schema().channel, hear)
