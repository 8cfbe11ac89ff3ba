"""Who is alive."""

import asyncio
from collections.abc import Collection, Sequence

from adapters.memory.store_part import StorePart
from application.jobs.job_store import ClaimedJob, Maintenance, Registration, WorkerId, Workers
from domain.jobs import JobId


class InMemoryWorkers(StorePart, Workers):
    """The pools of one queue, and the maintenance of the whole database."""

    async def register(self, registration: Registration) -> WorkerId:
        """Announce a pool."""
        return self._database.workers.add(self._queue, registration, self._database.now()).id

    async def announce(self, worker: WorkerId, registration: Registration) -> None:
        """Replace what a registered pool says of itself."""
        alive = self._database.workers.alive(worker)
        if alive is not None:
            alive.registration = registration

    async def heartbeat(self, worker: WorkerId) -> bool:
        """Say that the worker lives, as `Workers.heartbeat` promises."""
        alive = self._database.workers.alive(worker)
        if alive is not None:
            alive.last_seen = self._database.now()
        return alive is not None

    async def called_off(self, worker: WorkerId) -> Collection[JobId]:
        """Return as `Workers.called_off` promises."""
        alive = self._database.workers.alive(worker)
        owned = () if alive is None else alive.jobs.values()
        return {job.id for job in owned if job.cancel_requested_at is not None}

    async def disown(self, worker: WorkerId, known: Sequence[ClaimedJob]) -> int:
        """Hand back as `Workers.disown` promises."""
        alive = self._database.workers.alive(worker)
        if alive is None:
            return 0
        known_fences = {(job.id, job.fence) for job in known}
        unknown = [job for job in alive.jobs.values() if (job.id, job.fence) not in known_fences]
        for job in unknown:
            job.attempt -= 1
            self._database.jobs.make_ready(job, job.run_at)
        return len(unknown)

    async def deregister(self, worker: WorkerId) -> None:
        """Leave as `Workers.deregister` promises. A dead worker has nothing to hand back."""
        alive = self._database.workers.alive(worker)
        if alive is None:
            return
        self._database.workers.remove(alive)
        for job in list(alive.jobs.values()):
            job.attempt -= 1
            self._database.jobs.make_ready(job, job.run_at)

    async def maintain(self) -> Maintenance:
        """Rescue and prune as `Workers.maintain` promises, in every queue of the database."""
        # A clock moved by hand makes all leases look expired at once. The pools answer the jump with a
        # heartbeat, which is scheduled by now: let them speak first.
        await asyncio.sleep(0)
        return self._database.maintain()
