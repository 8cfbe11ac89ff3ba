"""The place of a pool among the workers of the store."""

import asyncio
import time

from application.jobs.job_funcs import JobFuncs
from application.jobs.job_store import JobStore, Registration, WorkerId
from application.jobs.options import QueueOptions


class Presence:
    """Registers the pool when it is first needed, keeps it alive, and knows whether that is certain."""

    def __init__(self, store: JobStore, funcs: JobFuncs, options: QueueOptions) -> None:
        self._store = store
        self._funcs = funcs
        self._options = options
        self._lease = options.lease.total_seconds()
        self._registering: asyncio.Task[WorkerId] | None = None
        self._announced = 0
        self._seen_alive = 0.0
        self.worker: WorkerId | None = None
        """None before the first registration, and after the pool was declared dead."""
        self.types: list[str] = []
        """The types it is announced with."""

    async def registered(self) -> WorkerId:
        """Return the worker, announced with all types that are known by now."""
        while self.worker is None or self._announced != self._funcs.version:
            version, registration = self._funcs.version, self._registration()
            if self.worker is None:
                asked_at = time.monotonic()
                # Shielded, because a worker that was registered must be known, to leave again.
                self._registering = asyncio.create_task(self._store.register(registration))
                self.worker = await asyncio.shield(self._registering)
                self._seen_alive = asked_at
            else:
                await self._store.announce(self.worker, registration)
            self._announced, self.types = version, list(registration.max_attempts)
        return self.worker

    async def beat(self) -> bool:
        """Say that the worker lives. False: it was declared dead, and will have to register anew."""
        worker, asked_at = self.worker, time.monotonic()
        if worker is None:
            return True
        if not await self._store.heartbeat(worker):
            self.worker = self._registering = None
            return False
        self._seen_alive = asked_at
        return True

    def is_certain(self) -> bool:
        """Tell whether nobody can have taken the worker for dead.

        A process that was frozen wakes up with jobs in its hands that were given to others.
        """
        return time.monotonic() - self._seen_alive < self._lease

    async def leave(self) -> None:
        """Deregister, also where the answer to the registration is still to come."""
        if self.worker is None and self._registering is not None:
            self.worker = await self._registering
        if self.worker is not None:
            await self._store.deregister(self.worker)
        self.worker = self._registering = None

    def _registration(self) -> Registration:
        return Registration(
            pool_name=self._options.pool_name,
            size=self._options.pool_size,
            version=self._options.version,
            lease=self._options.lease,
            max_attempts=self._funcs.max_attempts(),
        )
