"""Claiming jobs for a pool, without losing those of a claim whose answer never came."""

import logging
import time
from collections.abc import Callable

from application.jobs.job_store import ClaimedJob, JobStore, WorkerId
from application.jobs.presence import Presence
from application.jobs.telemetry import PoolTelemetry

logger = logging.getLogger("arrower.worker")


class Claiming:
    """Claims jobs of the types that the pool is announced with."""

    def __init__(
        self,
        store: JobStore,
        telemetry: PoolTelemetry,
        presence: Presence,
        known: Callable[[], list[ClaimedJob]],
    ) -> None:
        """Claim from `store`; `known` returns the claimed jobs that the pool has in its hands."""
        self._store = store
        self._telemetry = telemetry
        self._presence = presence
        self._known = known
        self._answer_missing = False

    async def claim(self, worker: WorkerId, limit: int) -> list[ClaimedJob]:
        """Claim up to `limit` jobs for this worker."""
        if self._answer_missing:
            await self._disown_unknown(worker)
        self._answer_missing = True
        asked_at = time.monotonic()
        try:
            claimed = await self._store.claim(worker, self._presence.types, limit)
        except Exception as error:
            self._telemetry.claim_failed(error, time.monotonic() - asked_at)
            raise
        self._answer_missing = False
        self._telemetry.claimed(claimed, time.monotonic() - asked_at)
        return claimed

    async def _disown_unknown(self, worker: WorkerId) -> None:
        """Hand back what the last claim brought, if it brought anything: nobody else would, while we live."""
        disowned = await self._store.disown(worker, self._known())
        if disowned:
            logger.warning("the answer to a claim was lost: %d jobs are handed back", disowned)
