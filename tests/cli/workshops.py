"""What the command `worker` works in tests: one queue, whose jobs tell which process ran them."""

import os
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

import asyncpg

from adapters.postgres import PostgresProbe, PostgresQueue, PostgresUnitOfWork
from domain.jobs import Queue
from infrastructure.health import telling_health
from infrastructure.settings import HealthSettings


@dataclass(frozen=True)
class SignIn:
    """Leave the number of the process in the table `visits`."""

    job_type: ClassVar[str] = "sign.in"

    name: str


@asynccontextmanager
async def visitors(names: Collection[str]) -> AsyncGenerator[Sequence[Queue]]:
    """Open the queue."""
    async with asyncpg.create_pool(os.environ["ARROWER_DSN"], min_size=0, max_size=3) as pool:
        unit_of_work = PostgresUnitOfWork(pool)

        async def sign_in(job: SignIn) -> None:
            async with unit_of_work as connection:
                await connection.execute("insert into visits (name, pid) values ($1, $2)", job.name, os.getpid())

        queue = PostgresQueue(pool, next(iter(names), "visitors"), pool_size=2)
        await queue.register_job_func(sign_in)
        async with telling_health(HealthSettings(), PostgresProbe(pool), [queue]):
            yield [queue]
