"""Whether a run did what it should have done: every measurement ends with this."""

from adapters.postgres.driver import Connection
from tests.benchmarks.database import Database
from tests.benchmarks.faults import MeasurementFailed
from tests.benchmarks.systems.system import System


async def expect_completed(
    system: System,
    database: Database,
    connection: Connection,
    jobs: int,
    *,
    left: int = 0,
    effects: int = 0,
) -> None:
    """Raise `MeasurementFailed` unless exactly these jobs were completed, and had exactly these effects."""
    tally = await system.tally(connection)
    if tally.left != left or tally.completed not in (None, jobs):
        msg = f"{tally.completed} jobs were completed instead of {jobs}, {tally.left} are left instead of {left}"
        raise MeasurementFailed(msg)
    await database.expect_effects(connection, effects)
