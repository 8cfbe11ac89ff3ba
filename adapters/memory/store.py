"""The jobs of one queue in memory."""

from datetime import timedelta

from adapters.memory.claims import InMemoryClaims
from adapters.memory.intake import InMemoryIntake
from adapters.memory.liveness import InMemoryWorkers
from adapters.memory.looking.queue_figures import InMemoryQueueFigures
from adapters.memory.settlements import InMemorySettlements
from application.jobs.instants import Instant, instant_of
from application.jobs.job_store import JobStore, PoolSignals
from application.jobs.survey import QueueDepth, Survey


class InMemoryStore(InMemoryIntake, InMemoryClaims, InMemorySettlements, InMemoryWorkers, JobStore):
    """Puts the parts together. No method waits for anything, so each is atomic in its event loop."""

    @property
    def queue(self) -> str:
        """The name of the queue."""
        return self._queue

    def now(self) -> Instant:
        """Return the database's time."""
        return instant_of(self._database.now())

    def closed(self) -> None:
        """Return None: nobody can close it."""

    def subscribe(self, pool: PoolSignals) -> None:
        """Signal to `pool` what happens in its queue, in this store or in another of the database."""
        self._database.signals.subscribe(self._queue, pool)

    async def unsubscribe(self, pool: PoolSignals) -> None:
        """Signal to `pool` no more."""
        self._database.signals.unsubscribe(self._queue, pool)

    async def survey(self) -> Survey:
        """Count as `Surveys.survey` promises. Looks at every job."""
        records = await InMemoryQueueFigures(self._database).queues(timedelta(seconds=10))
        return Survey([QueueDepth(record.name, record.counts, record.oldest_ready) for record in records], None)

    async def count_ended(self) -> bool:
        """Do nothing: whoever looks counts."""
        return False
