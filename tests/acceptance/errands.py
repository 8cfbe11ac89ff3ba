"""The jobs of the scenarios, and the job func that does with each what the scenario says."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from domain.jobs import Discard, Enqueuer, JobId, Snooze, current_job
from tests.worlds import World


@dataclass(frozen=True)
class Errand:
    """A job of a type that every worker knows."""

    job_type: ClassVar[str] = "errand"

    name: str


@dataclass(frozen=True)
class SecretErrand:
    """A job of a type that only some workers know."""

    job_type: ClassVar[str] = "errand.secret"

    name: str


@dataclass(frozen=True)
class GarbledErrand:
    """A job stored under the name of `Errand`, with fields that do not fit."""

    job_type: ClassVar[str] = "errand"

    number: int


class OutOfPaper(Exception):
    """What goes wrong, usually."""


class Catastrophe(BaseException):
    """What goes wrong otherwise."""


def _leave() -> None:
    sys.exit("the job func leaves the process")


def _raise(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


TROUBLES: dict[str, Callable[[], None]] = {
    "fails": _raise(OutOfPaper("the printer is out of paper")),
    "raises an error that is no exception": _raise(Catastrophe("the printer burns")),
    "is interrupted": _raise(KeyboardInterrupt()),
    "leaves the process": _leave,
    "cancels itself": _raise(asyncio.CancelledError()),
    "is discarded": _raise(Discard("nobody wants it any more")),
}


@dataclass
class Script:
    """What the job func does with one job, in this order."""

    notes: list[str] = field(default_factory=list[str])
    follow_ups: list[str] = field(default_factory=list[str])
    swallows: bool = False
    keeps_working: bool = False
    trouble: str | None = None
    troubled_attempts: int = 0
    snoozes: timedelta | None = None


class Errands:
    """Runs errands, and remembers."""

    def __init__(self, world: World) -> None:
        self.scripts: defaultdict[str, Script] = defaultdict(Script)
        self.calls: list[tuple[str, int]] = []
        """The name of the job and the number of the attempt, in the order they began."""
        self.at_work: set[str] = set()
        self.may_end = asyncio.Event()
        self.ids: dict[str, JobId] = {}
        """The jobs by the names the scenario gives them, those of transactions that were rolled back included."""
        self._world = world

    def run_on(self, queue: Enqueuer) -> Callable[[Errand], object]:
        """Return the job func for a queue."""

        async def run_errand(job: Errand) -> None:
            await self._run(queue, job.name)

        return run_errand

    async def run_secret(self, job: SecretErrand) -> None:
        """Run a job of the other type."""
        self.calls.append((job.name, current_job().attempt))

    async def _run(self, queue: Enqueuer, name: str) -> None:
        script = self.scripts[name]
        self.calls.append((name, current_job().attempt))
        for note in script.notes:
            await self._world.write(note)
        for follow_up in script.follow_ups:
            self.ids[follow_up] = await queue.enqueue(Errand(follow_up))
        if script.swallows:
            await self._swallow_a_failed_statement()
        if script.keeps_working:
            self.at_work.add(name)
            await self.may_end.wait()
        if script.snoozes is not None and self.calls.count((name, 1)) == 1:
            raise Snooze(script.snoozes)
        if script.trouble is not None and current_job().attempt <= script.troubled_attempts:
            TROUBLES[script.trouble]()

    async def _swallow_a_failed_statement(self) -> None:
        async with self._world.unit_of_work:
            try:
                await self._world.fail_a_statement()
            except self._world.StatementFailed:
                return
