"""procrastinate in its own environment, which has nothing of this project but the standard-library modules here."""
# mypy: disable-error-code="import-not-found", allow-untyped-decorators
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUntypedFunctionDecorator=false, reportUnknownParameterType=false, reportUnknownArgumentType=false

import asyncio
import logging
from contextlib import suppress

import psycopg_pool
from procrastinate import App, PsycopgConnector

from tests.benchmarks.programs.conversation import Conversation, Counter, say
from tests.benchmarks.programs.enqueueing import enqueue_all
from tests.benchmarks.programs.running import run
from tests.benchmarks.programs.tasks import Task, given_task

_TASK = "send_receipt"
_INSERT = "insert into effects (number) values (%s)"


async def install(_: Task) -> None:
    """Apply the schema."""
    say("ready")
    app = App(connector=PsycopgConnector())
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
    say("end")


async def work(task: Task) -> None:
    """Work until told to stop."""
    counter = Counter(task.jobs, task.sample_every)
    app = App(connector=PsycopgConnector(min_size=task.connections, max_size=task.connections))
    effects = psycopg_pool.AsyncConnectionPool(min_size=10, max_size=10, open=False, kwargs={"autocommit": True})

    async def noop(number: int, **_: str) -> None:
        counter.started(number)
        counter.ended()

    async def insert(number: int, **_: str) -> None:
        counter.started(number)
        async with effects.connection() as connection:
            await connection.execute(_INSERT, (number,))
        counter.ended()

    app.task(name=_TASK)({"noop": noop, "insert": insert}[task.func])
    async with app.open_async(), effects, Conversation() as benchmark:
        say("ready")
        await benchmark.hear("go")
        reporting = asyncio.create_task(counter.report())
        options = {"concurrency": task.concurrency, "install_signal_handlers": False}
        running = asyncio.create_task(app.run_worker_async(**options))
        await benchmark.hear("stop")
        for ending in (running, reporting):
            ending.cancel()
            with suppress(asyncio.CancelledError):
                await ending
    say("end", starts=counter.starts)


async def enqueue(task: Task) -> None:
    """Enqueue on one connection."""
    app = App(connector=PsycopgConnector(min_size=1, max_size=1))
    deferrer = app.configure_task(_TASK, allow_unknown=True)

    async def lists(jobs: list[dict[str, object]]) -> None:
        await deferrer.batch_defer_async(*jobs)

    async def single(jobs: list[dict[str, object]]) -> None:
        await deferrer.defer_async(**jobs[0])

    async with app.open_async():
        await enqueue_all(task, _job, {"lists": lists, "single": single}[task.func])


def _job(number: int) -> dict[str, object]:
    return {"number": number, "order_id": f"00000000-0000-0000-0000-{number % 2**48:012x}", "amount": "12.50"}


if __name__ == "__main__":
    logging.disable(logging.INFO)
    given = given_task()
    run({"install": install, "work": work, "enqueue": enqueue}[given.role](given))
