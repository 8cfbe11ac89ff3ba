"""Connections that are cut while a commit is on its way, slow, or silent for ever."""

import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from adapters.postgres import PostgresQueue
from domain.jobs import EnqueueFailed
from tests.faults.act import Act
from tests.faults.crew import Worker
from tests.faults.history import Outcome
from tests.faults.load import under_load
from tests.faults.proxy import Proxy, proxy_to
from tests.faults.scene import ServerScene


@asynccontextmanager
async def behind_proxy(scene: ServerScene) -> AsyncIterator[tuple[Proxy, str]]:
    """Put a proxy before the server, and give the DSN that leads through it."""
    async with proxy_to("127.0.0.1", scene.server.port) as (proxy, port):
        parts = urlsplit(scene.tcp_dsn)
        login = parts.netloc.rpartition("@")[0]
        yield proxy, urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}"))


class CutsCommits:
    """Cuts every n-th commit, by turns before and after it reaches the server."""

    def __init__(self, every: int, only: bytes = b"commit") -> None:
        self._every = every
        self._only = only
        self._seen = 0

    def __call__(self, data: bytes) -> str | None:
        """Judge what a client sends."""
        if b"commit" not in data.lower() or self._only not in data.lower():
            return None
        self._seen += 1
        if self._seen % self._every:
            return None
        return "drop before" if self._seen % (2 * self._every) else "drop after"


async def test_a_connection_cut_during_commit_loses_and_doubles_nothing(server_scene: ServerScene) -> None:
    """Those of producers and of attempts, before the server has it and after it did it."""
    scene = server_scene
    async with behind_proxy(scene) as (proxy, dsn):
        proxy.rule = CutsCommits(every=7)
        scene.crew.start(dsn=dsn, lease=10.0, max_attempts=25)
        async with under_load(scene, dsn) as load:
            await load.commits(120)
        await scene.done()

        assert proxy.struck > 20
        await scene.check(max_attempts=25)


async def test_a_connection_cut_while_one_job_commits_and_the_next_begins_loses_and_doubles_nothing(
    server_scene: ServerScene,
) -> None:
    """Both are one message; what became of either is found out."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(50)])
    async with behind_proxy(scene) as (proxy, dsn):
        proxy.rule = CutsCommits(every=2, only=b"fence_ahead")
        scene.crew.start(dsn=dsn, lease=10.0, max_attempts=25, pool_size=1)
        await scene.done()

        assert proxy.struck > 5
        await scene.check(max_attempts=25)


class CutsCompletions:
    """Cuts the first ones that are written many at once, by turns before and after they reach the server."""

    def __init__(self, number: int) -> None:
        self._left = number

    def __call__(self, data: bytes) -> str | None:
        """Judge what a client sends."""
        if not self._left or b"as done (id, fence, began, ended)" not in data:
            return None
        self._left -= 1
        return "drop after" if self._left % 2 else "drop before"


async def test_a_connection_cut_while_completions_are_written_loses_none_of_them(server_scene: ServerScene) -> None:
    """Between the return of a job func and the completion there is only this worker's word."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}", writes=False) for n in range(100)])
    async with behind_proxy(scene) as (proxy, dsn):
        proxy.rule = CutsCompletions(4)
        scene.crew.start(dsn=dsn, lease=30.0, pool_options={"statement_cache_size": 0})
        await scene.done()

        assert proxy.struck == 4
        await scene.check()
        assert await scene.pool.fetchval("select count(*) from arrower.attempts") == 0
        assert await scene.pool.fetchval("select max(attempt) from arrower.finished_jobs") == 1


class KillsAtCommit:
    """Kills a worker with the n-th message that commits one job and begins the next, and says what becomes of it."""

    def __init__(self, on: int, verdict: str | None) -> None:
        self._left = on
        self._verdict = verdict
        self.worker: Worker | None = None

    def __call__(self, data: bytes) -> str | None:
        """Judge what a client sends."""
        if b"fence_ahead" not in data or not data.startswith(b"Q") or self.worker is None:
            return None
        self._left -= 1
        if self._left:
            return None
        self.worker.signal(signal.SIGKILL)
        return self._verdict


@pytest.mark.faults
@pytest.mark.parametrize(
    "verdict",
    [
        pytest.param(None, id="and it arrives"),
        pytest.param("drop before", id="and it is lost"),
        pytest.param("silence", id="and it arrives and the host is gone"),
    ],
)
async def test_a_worker_killed_while_one_job_commits_and_the_next_begins(
    server_scene: ServerScene, verdict: str | None
) -> None:
    """The next one has not begun for anybody but the server, which holds its row for a session without a worker."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(30)])
    async with behind_proxy(scene) as (proxy, dsn):
        proxy.rule = rule = KillsAtCommit(5, verdict)
        rule.worker = victim = scene.crew.start(dsn=dsn, pool_size=1)
        assert await victim.ends() == -signal.SIGKILL
        scene.crew.start()
        await scene.done()

    await scene.check()


async def test_connections_cut_at_random_lose_and_double_nothing(server_scene: ServerScene) -> None:
    """At any statement: claims, batched completions, heartbeats, effects; the answer arrives or not."""
    scene, randomness = server_scene, random.Random(7)
    async with behind_proxy(scene) as (proxy, dsn):
        verdicts = ["drop before", "drop after"]
        proxy.rule = lambda _data: randomness.choice(verdicts) if randomness.random() < 0.02 else None
        scene.crew.start(dsn=dsn, lease=10.0, max_attempts=25)
        scene.crew.start(dsn=dsn, lease=10.0, max_attempts=25)
        async with under_load(scene, dsn) as load:
            await load.commits(100)
        proxy.rule = None
        await scene.done()

        assert proxy.struck > 10
        await scene.check(max_attempts=25)


@pytest.mark.faults
async def test_a_slow_network_doubles_nothing(server_scene: ServerScene) -> None:
    """Every message of the worker takes a while; none is lost."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}", writes=n % 2 > 0) for n in range(20)])
    async with behind_proxy(scene) as (proxy, dsn):
        proxy.delay = 0.05
        scene.crew.start(dsn=dsn)
        await scene.done()

        await scene.check()


async def test_an_enqueue_whose_answer_is_lost_fails_and_says_why(server_scene: ServerScene) -> None:
    """Outside a unit of work the job may exist all the same; the error names its cause."""
    scene = server_scene
    async with (
        behind_proxy(scene) as (proxy, dsn),
        asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool,
    ):
        await PostgresQueue(pool).enqueue(Act("FIRST", writes=False))
        proxy.rule = lambda data: "drop after" if b"SECOND" in data else None
        with pytest.raises(EnqueueFailed, match="ConnectionDoesNotExistError"):
            await PostgresQueue(pool).enqueue(Act("SECOND", writes=False))
        await scene.sees(lambda number: number == 2, "select count(*) from arrower.jobs")

        assert await scene.produce(pool, Act("THIRD")) is Outcome.COMMITTED


@pytest.mark.faults
@pytest.mark.timeout(120)
@pytest.mark.parametrize("helped", [True, False], ids=["another worker is there", "nobody else is there"])
async def test_connections_that_fall_silent_are_given_up(server_scene: ServerScene, helped: bool) -> None:  # noqa: FBT001
    """Half-open: no answer and no reset, neither for commits nor for batched completions nor for claims."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}", writes=n % 2 > 0, seconds=0.02) for n in range(100)])
    async with behind_proxy(scene) as (proxy, dsn):
        worker = scene.crew.start(dsn=dsn)
        await scene.begins("LAMP-10")
        proxy.fall_silent()
        if helped:
            scene.crew.start()
        await scene.done(patience=90)

        await worker.says("connection for listening and claiming is back", patience=40)
        await scene.enqueue(Act("AFTERWARDS"))
        await scene.done()
        await scene.check(frozen=frozenset({worker.pid}))


async def test_a_network_that_refuses_everything_for_a_while_is_waited_for(server_scene: ServerScene) -> None:
    """Cut off for longer than its lease, the worker's jobs are done by another; back again, it works."""
    scene = server_scene
    async with behind_proxy(scene) as (proxy, dsn):
        cut_off = scene.crew.start(dsn=dsn)
        await scene.enqueue(Act("HELD", trouble="hold", seconds=30, until=1), Act("LAMP"))
        await scene.writes("HELD")
        proxy.refuses = True
        proxy.cut_all()
        helper = scene.crew.start()
        await scene.done()
        await cut_off.says("heartbeat failed, next try")
        proxy.refuses = False
        await cut_off.says("was taken for dead after its lease")
        helper.end()
        await scene.enqueue(Act("AFTERWARDS"))
        await scene.done()

        await scene.check(frozen=frozenset({cut_off.pid}))
        assert await scene.begins("AFTERWARDS") == cut_off.pid


class CutsAnswers:
    """Lets one statement with a certain parameter reach the server, and loses its answer."""

    def __init__(self, parameter: bytes) -> None:
        self._parameter = parameter
        self._cut = False

    def __call__(self, data: bytes) -> str | None:
        """Judge what a client sends."""
        if self._cut or not (data.startswith(b"B") and self._parameter in data):
            return None
        self._cut = True
        return "drop after"


async def test_a_claim_whose_answer_is_lost_does_not_hold_its_jobs_for_ever(server_scene: ServerScene) -> None:
    """The jobs are running as the worker's own, which has never heard of them, and which lives on."""
    scene = server_scene
    await scene.enqueue(*[Act(f"LAMP-{n}") for n in range(10)])
    async with behind_proxy(scene) as (proxy, dsn):
        proxy.rule = CutsAnswers(b"\0\0\0\x03act")
        scene.crew.start(dsn=dsn)
        await scene.done()

        assert proxy.struck == 1
        await scene.check()
