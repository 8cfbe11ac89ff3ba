"""A worker process: `python -m tests.integration.worker_program DSN`. Ends in order on SIGTERM."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import asyncpg

from adapters.postgres import PostgresQueue, PostgresUnitOfWork
from domain.jobs import current_job

LEASE = timedelta(seconds=2)
TABLES = "create table effects (job bigint not null, process integer not null)"


@dataclass(frozen=True)
class PackParcel:
    """Write one effect, slowly."""

    job_type: ClassVar[str] = "parcel.pack"

    number: int


async def work(dsn: str) -> None:
    """Run jobs until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with asyncpg.create_pool(dsn, min_size=1, max_size=5) as pool:
        unit_of_work = PostgresUnitOfWork(pool)

        async def pack_parcel(job: PackParcel) -> None:
            async with unit_of_work as connection:
                await connection.execute("insert into effects values ($1, $2)", current_job().id, os.getpid())
                await asyncio.sleep(0.02)  # a good chance of being killed in the middle

        async with PostgresQueue(pool, pool_size=5, lease=LEASE) as queue:
            await queue.register_job_func(pack_parcel)
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
