"""PgQueuer in its own environment, which has nothing of this project but the standard-library modules here."""
# mypy: disable-error-code="import-not-found", allow-untyped-decorators
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUntypedFunctionDecorator=false, reportUnknownParameterType=false, reportUnknownArgumentType=false

import asyncio
import json
import logging
from contextlib import suppress

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from tests.benchmarks.programs.conversation import Conversation, Counter, say
from tests.benchmarks.programs.enqueueing import enqueue_all
from tests.benchmarks.programs.running import run
from tests.benchmarks.programs.tasks import Task, given_task

_ENTRYPOINT = "send_receipt"
_INSERT = "insert into effects (number) values ($1)"


async def work(task: Task) -> None:
    """Work until told to stop."""
    connection = await asyncpg.connect()
    pool = await asyncpg.create_pool(min_size=task.connections, max_size=task.connections)
    queue = PgQueuer(AsyncpgDriver(connection))
    counter = Counter(task.jobs, task.sample_every)

    async def noop(job: Job) -> None:
        counter.started(json.loads(job.payload or b"{}")["number"])
        counter.ended()

    async def insert(job: Job) -> None:
        number = json.loads(job.payload or b"{}")["number"]
        counter.started(number)
        await pool.execute(_INSERT, number)
        counter.ended()

    queue.entrypoint(_ENTRYPOINT)({"noop": noop, "insert": insert}[task.func])
    async with Conversation() as benchmark:
        say("ready")
        await benchmark.hear("go")
        reporting = asyncio.create_task(counter.report())
        running = asyncio.create_task(queue.run(batch_size=task.prefetch))
        await benchmark.hear("stop")
        queue.shutdown.set()
        await running
        reporting.cancel()
        with suppress(asyncio.CancelledError):
            await reporting
    await pool.close()
    await connection.close()
    say("end", starts=counter.starts)


async def enqueue(task: Task) -> None:
    """Enqueue on one connection."""
    connection = await asyncpg.connect()
    queries = Queries(AsyncpgDriver(connection))

    async def lists(jobs: list[dict[str, object]]) -> None:
        payloads = [json.dumps(job).encode() for job in jobs]
        await queries.enqueue([_ENTRYPOINT] * len(jobs), payloads, [0] * len(jobs))

    async def single(jobs: list[dict[str, object]]) -> None:
        await queries.enqueue(_ENTRYPOINT, json.dumps(jobs[0]).encode())

    await enqueue_all(task, _job, {"lists": lists, "single": single}[task.func])
    await connection.close()


def _job(number: int) -> dict[str, object]:
    return {"number": number, "order_id": f"00000000-0000-0000-0000-{number % 2**48:012x}", "amount": "12.50"}


if __name__ == "__main__":
    logging.disable(logging.INFO)
    given = given_task()
    run({"work": work, "enqueue": enqueue}[given.role](given))
