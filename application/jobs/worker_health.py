"""Whether a worker process lives, and whether it can do its work."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from application.jobs.job_threads import MOST_LEFT_BEHIND
from application.jobs.options import shown_name
from application.jobs.pulse import Pulse

_PATIENCE = 2.0
_LATE = 60.0
"""Seconds after which a loop does not keep up: longer than any statement waits for its answer."""

_STUCK = 300.0
"""Seconds after which a loop hangs for good: longer than all of them wait for each other."""

_MISSED_POLLS = 3


class SchemaVersions(NamedTuple):
    """How far the tables of the queue are migrated."""

    applied: int
    """0 where there are no tables."""
    needed: int


class DatabaseProbe(Protocol):
    """Touches the database, whatever the jobs do with their connections meanwhile."""

    @abstractmethod
    async def schema_versions(self) -> SchemaVersions:
        """Ask the database. Raises any error where it cannot be reached."""


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


class WorkerHealth:
    """Answers the two questions of whoever runs the process."""

    def __init__(self, probe: DatabaseProbe, pulses: Callable[[], Sequence[Pulse | None]]) -> None:
        """Look at the database, and at the pools that this process should run; None is one that does not."""
        self._probe = probe
        self._pulses = pulses

    async def live(self) -> list[Check]:
        """Tell whether the process is worth keeping. The answer itself shows that its event loop turns.

        Not whether the database is there: a restart would not bring it back.
        """
        pulses = [pulse for pulse in self._pulses() if pulse is not None]
        threads = [_threads(pulse) for pulse in pulses if pulse.left_behind]
        loops = [_loops(pulse, _STUCK) for pulse in pulses]
        return [Check("event loop", ok=True, detail="turns"), *loops, *threads]

    async def ready(self) -> list[Check]:
        """Tell whether jobs are being worked here, and if not, why. Takes seconds at most."""
        pulses = self._pulses()
        return [*await self._database(), *(check for pulse in pulses for check in _pool(pulse))]

    async def _database(self) -> list[Check]:
        try:
            async with asyncio.timeout(_PATIENCE):
                applied, needed = await self._probe.schema_versions()
        except TimeoutError:
            return [Check("database", ok=False, detail=f"did not answer within {_PATIENCE:g} s")]
        except Exception as error:  # noqa: BLE001  # however it fails, that is the answer
            return [Check("database", ok=False, detail=f"cannot be reached: {type(error).__name__}")]
        detail = f"version {applied}" if applied >= needed else f"version {applied}, {needed} is needed: migrate"
        return [Check("database", ok=True, detail="answers"), Check("schema", applied >= needed, detail)]


def _pool(pulse: Pulse | None) -> list[Check]:
    if pulse is None:
        return [Check("pool", ok=False, detail="does not run")]
    return [_loops(pulse, _LATE), _claims(pulse)]


def _loops(pulse: Pulse, latest: float) -> Check:
    turn = pulse.late <= latest
    return Check(f"loops of queue {shown_name(pulse.queue)}", turn, "turn" if turn else f"late by {pulse.late:.0f} s")


def _threads(pulse: Pulse) -> Check:
    name = f"threads of queue {shown_name(pulse.queue)}"
    return Check(name, pulse.left_behind < MOST_LEFT_BEHIND, f"{pulse.left_behind} left behind")


def _claims(pulse: Pulse) -> Check:
    name = f"claims of queue {shown_name(pulse.queue)}"
    if pulse.since_claim is None:
        return Check(name, ok=False, detail="none yet")
    recent = pulse.since_claim <= _MISSED_POLLS * pulse.poll_interval + _LATE
    return Check(name, recent, f"last one {pulse.since_claim:.1f} s ago")
