"""The units of work that are open in memory."""

from adapters.memory.job_table import JobTable
from adapters.memory.stored import StoredJob
from adapters.memory.tables import CommittedTable, StagedTable
from application.jobs.open_units import OpenUnits, Unit
from domain.jobs import UnitOfWorkFailed

ALL_IN_MEMORY = object()
"""A unit is joined from any in-memory database: one process, so one commit for all."""


class InMemoryUnit(Unit):
    """Staged changes of any number of in-memory databases.

    A *doomed* unit can go on, but not be committed. An *aborted* one cannot be used any more either,
    like a transaction of PostgreSQL after an error.
    """

    database = ALL_IN_MEMORY

    def __init__(self) -> None:
        super().__init__()
        self._tables: dict[CommittedTable, StagedTable] | None = None
        self._jobs: list[tuple[JobTable, list[StoredJob]]] | None = None
        self._aborted: str | None = None

    def begin(self) -> None:
        """Make sure the unit may be written to. Raises `AttemptLost`."""

    def abort(self, reason: str) -> None:
        """Refuse everything but the rollback."""
        self._aborted = reason

    def check_usable(self) -> None:
        """Raise `UnitOfWorkFailed` where the unit has ended or was aborted, `AttemptLost` of an attempt."""
        if not self.is_open():
            msg = "the unit of work has ended already"
            raise UnitOfWorkFailed(msg)
        if self._aborted is not None:
            msg = f"the unit of work can only be rolled back: {self._aborted}"
            raise UnitOfWorkFailed(msg)

    def table(self, committed: CommittedTable) -> StagedTable:
        """Return this unit's view of a table."""
        if self._tables is None:
            self._tables = {}
        if committed not in self._tables:
            self._tables[committed] = StagedTable(committed)
        return self._tables[committed]

    def stage_jobs(self, table: JobTable, jobs: list[StoredJob]) -> None:
        """Enqueue jobs with the commit."""
        if self._jobs is None:
            self._jobs = []
        self._jobs.append((table, jobs))

    def check_commit(self) -> None:
        """Raise `UnitOfWorkFailed` where the unit cannot be committed."""
        if self._aborted is not None:
            msg = f"an error inside was swallowed, so the whole unit of work was rolled back: {self._aborted}"
            raise UnitOfWorkFailed(msg)
        if self.doomed:
            msg = "a block inside the unit of work failed, so all of it was rolled back"
            raise UnitOfWorkFailed(msg)
        for staged in (self._tables or {}).values():
            staged.check()

    def apply(self) -> None:
        """Write everything. Called right after the checks, so that nothing comes in between."""
        for staged in (self._tables or {}).values():
            staged.apply()
        for table, jobs in self._jobs or ():
            table.add(jobs)

    def drop(self) -> None:
        """Let go of everything staged."""
        self._tables = self._jobs = None


units: OpenUnits[InMemoryUnit] = OpenUnits("arrower_memory_unit")


def open_unit() -> InMemoryUnit | None:
    """Return the unit the calling context is in; one that has ended is none.

    Raises `AttemptLost` in a task that an ended attempt left behind.
    """
    return units.find(ALL_IN_MEMORY)
