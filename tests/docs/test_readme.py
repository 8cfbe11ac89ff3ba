"""The snippets of the README run as they stand there."""

import asyncio
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from adapters.postgres import PostgresQueue, PostgresUnitOfWork
from tests.docs.snippets import ROOT, snippets_of
from tests.worlds.deadline import within

FIRST_JOB, ON_POSTGRES, ONE_COMMIT, JOB_FUNC, TESTING = (
    snippet.text for snippet in snippets_of(ROOT / "README.md", "python")
)

_OTHER_JOBS = """
from domain.jobs import Enqueuer

@dataclass(frozen=True)
class ReserveStock:
    order_id: int

@dataclass(frozen=True)
class ArchiveReceipt:
    order_id: int
"""
"""What the README leaves to imagination."""


def _names(*texts: str) -> dict[str, Any]:
    """Run code as a module would, and return its names."""
    names: dict[str, Any] = {"__name__": "of_the_readme"}
    for text in texts:
        exec(text, names)  # noqa: S102  # our own page
    return names


def _function(signature: str, text: str) -> str:
    return f"async def {signature}:\n{textwrap.indent(text, '    ')}"


def _classes() -> str:
    return FIRST_JOB.replace("asyncio.run(main())", "") + _OTHER_JOBS


def test_the_first_job(tmp_path: Path) -> None:
    """Saved as a file, it prints one line."""
    first = tmp_path / "first.py"
    first.write_text(FIRST_JOB, encoding="utf-8")
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}

    said = subprocess.run([sys.executable, first], env=environment, capture_output=True, text=True, check=True)

    assert said.stdout == "receipt for order 42\n"


async def test_on_postgres(database_dsn: str) -> None:
    """The job for tomorrow waits, with its priority; the others do not wait."""
    names = _names(_classes(), _function("main(dsn, tomorrow)", ON_POSTGRES))

    await names["main"](database_dsn, datetime.now(UTC) + timedelta(days=1))

    async with asyncpg.create_pool(database_dsn, min_size=1, max_size=1) as pool:
        waiting = await pool.fetch("select priority from arrower.jobs where state = 'scheduled'")
    assert [row["priority"] for row in waiting] == [-1]


async def test_one_commit(database_dsn: str) -> None:
    """What the caller writes, what the job func writes, and the jobs of both are there in the end."""
    names = _names(_classes(), "from adapters.postgres import PostgresUnitOfWork\n", JOB_FUNC)
    exec(_function("place(pool, queue)", ONE_COMMIT), names)  # noqa: S102  # as above
    archived = asyncio.Event()

    async with asyncpg.create_pool(database_dsn, min_size=1, max_size=4) as pool:
        await pool.execute("create table orders (id integer primary key)")
        await pool.execute("create table receipts (order_id integer primary key)")
        async with PostgresQueue(pool) as queue:
            await queue.register_job_func(names["SendReceiptFunc"](queue, PostgresUnitOfWork(pool)))
            await queue.register_job_func(_telling(archived, names["ArchiveReceipt"]))
            await names["place"](pool, queue)
            await within(archived.wait())
        written = await pool.fetchrow("select (select id from orders), (select order_id from receipts)")

    assert written is not None
    assert tuple(written) == (42, 42)


def _telling(event: asyncio.Event, job_class: type) -> Any:
    async def tell(job: Any) -> None:
        event.set()

    tell.__annotations__["job"] = job_class
    return tell


async def test_testing() -> None:
    """The test is green."""
    await _names(_classes(), TESTING)["test_shipping_an_order_sends_a_receipt"]()
