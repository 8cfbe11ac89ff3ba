"""The command line as a user starts it."""

import json
import os
import signal
from importlib import import_module
from tomllib import loads

import asyncpg
import httpx
import psutil
import pytest

from adapters.postgres.driver import Pool
from tests.architecture.layers import ROOT
from tests.cli.processes import arrower, ended, start
from tests.postgres_server import Databases
from tests.web.browser import forms_of
from tests.worlds.deadline import PATIENCE, eventually, within

VISITORS = "tests.cli.workshops:visitors"


def test_the_command_is_installed_with_the_project() -> None:
    """It means what these tests start."""
    scripts = loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    module, _, name = scripts["arrower"].partition(":")

    assert module == "infrastructure.command_line"
    assert callable(getattr(import_module(module), name))


async def test_a_new_database(databases: Databases) -> None:
    """Nothing works before it is migrated, and everything after it."""
    dsn = databases.create()
    async with asyncpg.create_pool(dsn, min_size=0, max_size=1) as pool:
        await pool.execute("drop schema arrower cascade")

    before = await arrower(dsn, "queues")
    found = await arrower(dsn, "doctor", "--json")
    migrated = await arrower(dsn, "migrate")
    after = await arrower(dsn, "doctor", "--json")
    databases.drop(dsn)

    assert (before.code, len(before.stderr.splitlines())) == (4, 1)
    assert "arrower migrate" in before.stderr
    assert (found.code, json.loads(found.stdout)["finding"]) == (1, "not migrated")
    assert (migrated.code, after.code, after.stdout) == (0, 0, "")


@pytest.mark.parametrize(
    ("dsn", "code"),
    [
        ("postgresql://shop:s3cret@127.0.0.1:1/shop", 3),
        ("postgresql://shop:s3c/ret@127.0.0.1/shop", 2),
        ("mysql://shop:s3cret@127.0.0.1/shop", 2),
        ("", 2),
    ],
)
async def test_a_wrong_dsn(dsn: str, code: int) -> None:
    """One line, without the password."""
    said = await arrower(dsn, "queues", "--watch")

    assert said.code == code, said
    assert len(said.stderr.splitlines()) == 1
    assert "s3c" not in said.stderr + said.stdout


async def test_watching_ends_with_ctrl_c(database_dsn: str) -> None:
    """In order, whatever it was doing."""
    process = await start(database_dsn, "queues", "--watch", "--every", "100ms")
    assert process.stdout is not None

    assert b"There are no queues" in await within(process.stdout.readline())
    assert b"There are no queues" in await within(process.stdout.readline())
    process.send_signal(signal.SIGINT)

    assert (await ended(process))[::2] == (0, "")


@pytest.mark.parametrize(
    "arguments", [["jobs", "--json", "--limit", "0"], ["jobs", "--limit", "0"], ["queues", "--watch"]]
)
async def test_whoever_stops_reading_is_not_told_of_it(database_dsn: str, pool: Pool, arguments: list[str]) -> None:
    """As in `arrower jobs | head -1`: nothing is wrong with the database."""
    await pool.execute("insert into arrower.jobs (type, payload) select 'x', '{}' from generate_series(1, 100)")
    reading, writing = os.pipe()
    process = await start(database_dsn, *arguments, stdout=writing)
    os.close(writing)
    os.close(reading)

    assert await ended(process) == (1, "", "")


async def test_a_dashboard_tells_its_address(database_dsn: str) -> None:
    """And where that is taken, another one says so in a line."""
    process = await start(database_dsn, "dashboard", "--port", "0")
    assert process.stderr is not None
    address = (await within(process.stderr.readline())).decode().split()[-1]

    other = await arrower(database_dsn, "dashboard", "--port", address.rpartition(":")[2])
    process.send_signal(signal.SIGINT)

    assert (await ended(process)).code in {0, 130}
    assert other.code == 2
    assert other.stderr.startswith("arrower: cannot listen on 127.0.0.1, port ")
    assert len(other.stderr.splitlines()) == 1


async def test_what_is_done_on_a_dashboard_is_logged(database_dsn: str) -> None:
    """With the time, on standard error."""
    process = await start(database_dsn, "dashboard", "--port", "0", "--actions")
    assert process.stderr is not None
    address = (await within(process.stderr.readline())).decode().split()[-1]
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
        fields = forms_of((await client.get("/queues")).text)[0].fields | {"queue": "emails"}
        answer = await client.post("/queues/pause", data=fields)
    process.send_signal(signal.SIGINT)

    assert answer.status_code == 303
    assert " INFO arrower.dashboard: /queues/pause by '': emails is paused" in (await ended(process)).stderr


@pytest.fixture
async def visits(pool: Pool) -> None:
    """Make the table that the job func writes to."""
    await pool.execute("create table visits (name text not null, pid integer not null)")


@pytest.mark.usefixtures("visits")
async def test_a_job_enqueued_by_hand_is_worked(database_dsn: str, pool: Pool) -> None:
    """By a worker of its queue, that ends with its connections when it is asked to."""
    worker = await start(database_dsn, "worker", VISITORS, "--queues", "guests")
    await eventually(lambda: _types_of(pool, "guests"))

    enqueued = await arrower(database_dsn, "enqueue", "sign.in", '{"name": "Ada"}', "--queue", "guests", "--unchecked")
    assert enqueued.code == 0, enqueued
    await eventually(lambda: _visited(pool, "Ada"))
    worker.terminate()

    assert (await ended(worker)).code == 0
    assert (await arrower(database_dsn, "job", enqueued.stdout.strip())).code == 0


@pytest.mark.usefixtures("visits")
async def test_a_process_that_died_is_replaced(database_dsn: str, pool: Pool) -> None:
    """And asked to stop, all of them stop."""
    supervisor = await start(database_dsn, "worker", VISITORS, "--processes", "2")
    await eventually(lambda: _processes(pool, 2))
    first, second = await _pids(pool)

    os.kill(first, signal.SIGKILL)
    await eventually(lambda: _processes(pool, 2, without=first))
    children = psutil.Process(supervisor.pid).children()
    supervisor.send_signal(signal.SIGINT)

    assert (await ended(supervisor)).code == 0
    assert second in {child.pid for child in children}
    assert len(children) == 2
    assert not [child for child in children if child.is_running()]
    assert await _pids(pool) == []


@pytest.mark.usefixtures("visits")
async def test_no_orphan_is_left(database_dsn: str, pool: Pool) -> None:
    """When the supervisor is killed, its processes stop by themselves."""
    supervisor = await start(database_dsn, "worker", VISITORS, "--processes", "2")
    await eventually(lambda: _processes(pool, 2))
    children = psutil.Process(supervisor.pid).children()

    supervisor.kill()
    await within(supervisor.wait())

    await eventually(lambda: not [child for child in children if _works(child)])
    assert len(children) == 2
    assert await _pids(pool) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere:Container"],
        ["infrastructure.containers:Nothing"],
        ["json:loads"],
        ["builtins:str"],
        ["tests.cli.broken:Container"],
        ["infrastructure.containers:PostgresContainer", "--queues", "nobodys", "--processes", "2"],
    ],
)
async def test_a_worker_of_nothing(database_dsn: str, arguments: list[str]) -> None:
    """It is told at once, and not tried again and again."""
    said = await arrower(database_dsn, "worker", *arguments)

    assert said.code == 2, said
    assert said.stderr.splitlines()[-1].startswith("arrower: ")
    assert "Traceback" not in said.stderr


def _works(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


async def _types_of(pool: Pool, queue: str) -> bool:
    return bool(await pool.fetchval("select count(*) from arrower.workers where queue = $1", queue))


async def _visited(pool: Pool, name: str) -> bool:
    return bool(await pool.fetchval("select count(*) from visits where name = $1", name))


async def _pids(pool: Pool) -> list[int]:
    return [
        row["pid"]
        for row in await pool.fetch(
            "select pid from arrower.workers where left_at is null and died_at is null order by pid"
        )
    ]


async def _processes(pool: Pool, number: int, without: int = 0) -> bool:
    pids = await _pids(pool)
    return len(set(pids)) == number and without not in pids
