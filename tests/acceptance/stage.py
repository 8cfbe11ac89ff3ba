"""What the steps of one scenario act upon."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from application.jobs.job_queue import JobQueue
from application.jobs.job_store import ClaimedJob
from application.jobs.looking import JobRecord
from domain.jobs import Job, JobId, JobState, RetryPolicy
from tests.acceptance.errands import Errand, Errands
from tests.acceptance.open_unit import OpenUnit
from tests.worlds import HandWorker, World
from tests.worlds.deadline import eventually, within

LEASE = timedelta(hours=1)
"""Of workers with names, that beat when the scenario says so."""
LONG_LEASE = timedelta(days=10)
"""Of workers that run by themselves: the time that passes in a scenario must not make them look dead."""
GRACE = timedelta(hours=1)
_LAST = "the last of "


class Stage:
    """A world, and what is in it under the names that the scenario gave."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.errands = Errands(world)
        self.retry = RetryPolicy()
        self.error: BaseException | None = None
        """What the event of the scenario was answered with."""
        self.got: list[ClaimedJob] | None = None
        """What a worker claimed in the event of the scenario."""
        self.crowd: list[str] = []
        self.hands: dict[str, HandWorker] = {}
        """The workers with names: they do only what the scenario says."""
        self.claims: dict[str, ClaimedJob] = {}
        self._unit: OpenUnit | None = None
        self._commits: dict[str, tuple[asyncio.Event, asyncio.Task[None]]] = {}
        self._queues: dict[str, JobQueue] = {}
        self._workers: list[tuple[str, JobQueue]] = []

    def queue(self, name: str = "") -> JobQueue:
        """Return the queue through which the scenario enqueues."""
        if name not in self._queues:
            self._queues[name] = self.world.queue(name)
        return self._queues[name]

    @property
    def worker(self) -> JobQueue:
        """Return the worker that started last."""
        return self._workers[-1][1]

    @property
    def pool_name(self) -> str:
        """Return the name under which it is listed."""
        return f"worker {len(self._workers)}"

    async def start_worker(self, queue: str = "", size: int = 10, *, knows_secrets: bool = False) -> None:
        """Let a worker run the errands of a queue."""
        pool_name = f"worker {len(self._workers) + 1}"
        worker = self.world.queue(queue, pool_size=size, lease=LONG_LEASE, pool_name=pool_name)
        self._workers.append((queue, worker))
        await self.world.run(worker, self.errands.run_on(worker), retry=self.retry)
        if knows_secrets:
            await self.world.run(worker, self.errands.run_secret)

    async def enqueue(
        self,
        job: Job,
        *,
        name: str | None = None,
        queue: str = "",
        through: JobQueue | None = None,
        delay: timedelta | None = None,
        priority: int = 0,
    ) -> None:
        """Enqueue a job under the name by which the scenario speaks of it."""
        run_at = None if delay is None else self.world.clock.now() + delay
        job_id = await (through or self.queue(queue)).enqueue(job, run_at=run_at, priority=priority)
        self.errands.ids[name or str(getattr(job, "name", ""))] = job_id

    async def enqueue_crowd(self, number: int) -> None:
        """Enqueue a list of jobs."""
        self.crowd = [f"errand {place}" for place in range(number)]
        ids = await self.queue().enqueue([Errand(name) for name in self.crowd])
        self.errands.ids.update(zip(self.crowd, ids, strict=True))

    async def job(self, name: str) -> JobRecord:
        """Return a job as it stands."""
        return await self.world.job(await self.id_of(name))

    async def reaches(self, name: str, state: JobState) -> JobRecord:
        """Wait until the job is in the state."""
        return await self.world.reaches(await self.id_of(name), state)

    async def has_failed(self, name: str, times: int) -> JobRecord:
        """Wait until so many attempts at the job have failed and it waits for another."""
        return await self.world.fails(await self.id_of(name), times)

    async def is_at_work(self, name: str) -> None:
        """Wait until the job func of the job works."""
        await eventually(lambda: name in self.errands.at_work)

    async def retry_by_hand(self, name: str) -> None:
        """Let an operator retry the job."""
        await self.world.operations.retry(await self.id_of(name))

    async def settle(self) -> None:
        """Wait until whatever could run has begun: a job that comes after all others is through."""
        for queue in {queue for queue, _ in self._workers}:
            await self.enqueue(Errand(_LAST + queue), queue=queue, priority=32_767)
            await self.reaches(_LAST + queue, JobState.COMPLETED)

    def runs(self) -> Sequence[str]:
        """Return the names of the jobs, in the order in which their attempts began."""
        return [name for name, _ in self.errands.calls if not name.startswith(_LAST)]

    async def id_of(self, name: str) -> JobId:
        """Return the id of a job that the scenario, or a job func, has enqueued."""
        await eventually(lambda: name in self.errands.ids)
        return self.errands.ids[name]

    @property
    def unit(self) -> OpenUnit:
        """Return the unit of work that is open."""
        assert self._unit is not None, "no unit of work was opened"
        return self._unit

    async def open_unit(self) -> None:
        """Begin a unit of work that stays open."""
        self._unit = OpenUnit(self.world)

    async def close(self) -> None:
        """End what the scenario left open."""
        if self._unit is not None:
            await self._unit.cancel()
        commits = [commit for _, commit in self._commits.values()]
        for commit in commits:
            commit.cancel()
        await asyncio.gather(*commits, return_exceptions=True)

    async def claim(self, worker: str, job: str) -> None:
        """Let a worker with a name claim the one job that is ready."""
        if worker not in self.hands:
            types = {"errand": self.retry.max_attempts}
            self.hands[worker] = await self.world.worker(types, pool_name=worker, lease=LEASE)
        self.claims[worker] = await self.hands[worker].claim_one()
        assert self.claims[worker].id == await self.id_of(job)

    async def inherit(self, heir: str, lost: ClaimedJob) -> None:
        """Let another worker claim a job as soon as it is free, which may take the death of a session."""
        types = {"errand": self.retry.max_attempts}
        self.hands[heir] = await self.world.worker(types, pool_name=heir, lease=LEASE)
        claimed: list[ClaimedJob] = []

        async def is_claimed() -> bool:
            await self.world.maintain()
            claimed.extend(await self.hands[heir].claim())
            return bool(claimed)

        await eventually(is_claimed)
        self.claims[heir] = claimed[0]
        assert claimed[0].id == lost.id

    async def write_uncommitted(self, worker: str, note: str) -> None:
        """Let a worker write in the transaction of its attempt."""
        written, may_commit = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            written.set()
            await may_commit.wait()

        commit = self.hands[worker].commit(self.claims[worker], note, before_commit=wait)
        self._commits[worker] = may_commit, asyncio.create_task(commit)
        await within(written.wait())

    async def commit_written(self, worker: str) -> None:
        """Let it commit, together with the completion of its job."""
        may_commit, commit = self._commits[worker]
        may_commit.set()
        await within(commit)

    async def let_lease_pass(self, duration: timedelta = LEASE + timedelta(seconds=1)) -> None:
        """Let nothing be heard of the workers with names, and look for the dead."""
        self.world.clock.advance(duration)
        await self.world.maintain()

    async def let_lease_be_renewed(self) -> None:
        """Let most of a lease pass, hear of the worker that started last, and look for the dead."""
        self.world.clock.advance(LONG_LEASE * 0.9)

        async def was_heard_of() -> bool:
            workers = await self.world.inspection.workers()
            return all(worker.last_seen == self.world.clock.now() for worker in workers)

        await eventually(was_heard_of)
        await self.world.maintain()

    async def kill(self, worker: str) -> None:
        """End the process of a worker, and look for the dead until it is found."""
        await self.world.kill(self.hands[worker])

        async def is_found() -> bool:
            await self.world.maintain()
            return worker not in {known.pool_name for known in await self.world.inspection.workers()}

        await eventually(is_found)
