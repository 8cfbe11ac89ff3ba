"""How jobs get in."""

from adapters.memory.store_part import StorePart
from adapters.memory.stored import StoredJob
from adapters.memory.unit import InMemoryUnit, open_unit
from application.jobs.job_store import Enqueueing, JobIntake
from domain.jobs import AttemptLost, EnqueueFailed, JobId, JobState, UnitOfWorkFailed


class InMemoryIntake(StorePart, JobIntake):
    """Writes jobs, in the unit of work of the calling context where there is one."""

    async def enqueue(self, enqueueing: Enqueueing) -> list[JobId]:
        """Enqueue as `JobIntake.enqueue` promises."""
        unit = open_unit()
        if unit is None:
            jobs = self._stored(enqueueing)
            self._database.jobs.add(jobs)
        else:
            _check(unit)
            jobs = self._stored(enqueueing)
            unit.stage_jobs(self._database.jobs, jobs)
        return [job.id for job in jobs]

    def _stored(self, enqueueing: Enqueueing) -> list[StoredJob]:
        now, queue, next_id = self._database.now(), self._queue, self._database.jobs.next_id
        priority, carrier = enqueueing.priority, enqueueing.carrier
        run_at = enqueueing.run_at or now
        state = JobState.SCHEDULED if run_at > now else JobState.READY
        return [
            StoredJob(next_id(), queue, job_type, payload, priority, run_at, now, carrier, state)
            for job_type, payload in enqueueing.jobs
        ]


def _check(unit: InMemoryUnit) -> None:
    unit.begin()
    try:
        unit.check_usable()
    except AttemptLost:
        raise
    except UnitOfWorkFailed as error:
        msg = f"the jobs were not taken: {error}"
        raise EnqueueFailed(msg) from error
