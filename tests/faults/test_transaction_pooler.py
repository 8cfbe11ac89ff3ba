"""A transaction pooler before the database: no session is the worker's own. Works by polling and heartbeats."""

import asyncio
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres import postgres_control_room
from application.jobs.control_room import ControlRoom
from application.jobs.diagnosing import FindingKind
from infrastructure.free_port import free_port
from infrastructure.server_account import ServerAccount
from tests.cli.processes import arrower
from tests.faults.act import Act
from tests.faults.load import under_load
from tests.faults.scene import ServerScene
from tests.worlds.deadline import eventually

_CONFIG = """
[databases]
* = host={host} port={port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
auth_type = any
pool_mode = transaction
default_pool_size = 12
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
"""
_BEHIND: Mapping[str, Any] = {"lease": 1.0, "pool_options": {"statement_cache_size": 0}}


@pytest.fixture
def pooler(server_scene: ServerScene) -> Iterator[str]:
    """Run PgBouncer in transaction mode, and give the DSN that leads through it."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("PgBouncer is not installed (apt-get install pgbouncer): a transaction pooler was NOT tried")
    account = ServerAccount.choose()
    folder = account.new_folder("arrower-pooler-")
    parts = urlsplit(server_scene.tcp_dsn)
    host = server_scene.dsn.partition("host=")[2].partition("&")[0].replace("%2F", "/")
    listen = free_port()
    config = folder / "pgbouncer.ini"
    config.write_text(_CONFIG.format(host=host, port=parts.port, listen=listen))
    account.own(config)
    with (folder / "log").open("wb") as log:
        process = account.start([Path(program), config], folder, log)
    try:
        yield urlunsplit(parts._replace(netloc=f"postgres@127.0.0.1:{listen}"))
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def is_there(dsn: str) -> bool:
    """Tell whether the pooler takes connections."""
    parts = urlsplit(dsn)
    try:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except OSError:
        return False
    writer.close()
    return True


async def test_a_worker_behind_a_pooler_works_and_says_what_it_lacks(server_scene: ServerScene, pooler: str) -> None:
    """Effects, follow-ups, retries and batched completions, while others share the sessions."""
    scene = server_scene
    await eventually(lambda: is_there(pooler))
    workers = [scene.crew.start(dsn=pooler, pool_options={"statement_cache_size": 0}) for _ in range(2)]
    await scene.enqueue(*[Act(f"UNLUCKY-{n}", trouble="raise", until=1) for n in range(4)])
    async with under_load(scene) as load:
        await load.commits(100)
    await scene.done()

    await scene.check()
    assert await scene.pool.fetchval("select count(*) from arrower.attempts") == 4
    for worker in workers:
        await worker.says("a pooler stands before the database")


async def test_the_doctor_finds_a_pooler_before_itself_and_before_workers(
    server_scene: ServerScene, pooler: str
) -> None:
    """Whichever of them came by way of it."""
    scene = server_scene
    await eventually(lambda: is_there(pooler))
    async with asyncpg.create_pool(pooler, min_size=0, statement_cache_size=0) as pooled:
        behind, direct = postgres_control_room(pooled), postgres_control_room(scene.pool)

        assert await _of_poolers(behind) == ["Between here and the server there is a pooler."]
        assert await _of_poolers(direct) == []
        scene.crew.start(dsn=pooler, pool_options={"statement_cache_size": 0})
        await eventually(lambda: _has_workers(direct))
        assert await _of_poolers(direct) == ["1 worker pool came by way of a pooler."]


async def test_the_command_line_works_through_it(server_scene: ServerScene, pooler: str) -> None:
    """Though each command meets sessions that others have prepared statements in."""
    await eventually(lambda: is_there(pooler))
    for command in ("queues", "jobs", "workers", "dead", "queues", "jobs"):
        said = await arrower(pooler, command)
        assert (said.code, said.stderr) == (0, ""), command
    found = await arrower(pooler, "doctor")

    assert "Between here and the server there is a pooler." in found.stdout


async def _of_poolers(room: ControlRoom) -> list[str]:
    return [finding.found for finding in await room.diagnose() if finding.kind is FindingKind.POOLER]


async def _has_workers(room: ControlRoom) -> bool:
    return bool(await room.workers())


async def test_a_worker_killed_behind_a_pooler_is_found_by_its_lease(server_scene: ServerScene, pooler: str) -> None:
    """There is no session that would tell."""
    scene = server_scene
    await eventually(lambda: is_there(pooler))
    await scene.enqueue(Act("HELD", trouble="hold", seconds=60, until=1), *[Act(f"LAMP-{n}") for n in range(10)])
    victim = scene.crew.start(dsn=pooler, **_BEHIND)
    await scene.writes("HELD")
    victim.signal(signal.SIGKILL)
    scene.crew.start(dsn=pooler, **_BEHIND)
    await scene.done()

    await scene.check()


async def test_a_worker_frozen_behind_a_pooler_writes_nothing(server_scene: ServerScene, pooler: str) -> None:
    """Its transaction, which holds the job, is ended in the server."""
    scene = server_scene
    await eventually(lambda: is_there(pooler))
    await scene.enqueue(Act("HELD", trouble="hold", seconds=60, until=1), *[Act(f"LAMP-{n}") for n in range(10)])
    sleeper = scene.crew.start(dsn=pooler, **_BEHIND)
    await scene.writes("HELD")
    sleeper.signal(signal.SIGSTOP)
    helper = scene.crew.start(dsn=pooler, **_BEHIND)
    await scene.done()
    helper.end()
    sleeper.signal(signal.SIGCONT)
    await sleeper.says("was taken for dead after its lease")
    await scene.enqueue(Act("AFTERWARDS"))
    await scene.done()

    await scene.check(frozen=frozenset({sleeper.pid}))
