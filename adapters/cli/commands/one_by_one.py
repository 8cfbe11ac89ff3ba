"""Acting on jobs that are named, one after the other."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

from adapters.cli.failures import CommandFailed
from adapters.cli.output import write_documents
from adapters.cli.program import Program
from application.jobs.control_room import ControlRoom
from domain.jobs import JobId, JobNotFound, WrongJobState

Act = Callable[[ControlRoom, JobId], Awaitable[str]]
"""Acts on a job, and says in a word what became of it."""


def act_on_each(program: Program, dsn: str, jobs: Sequence[JobId], act: Act, *, as_json: bool) -> None:
    """Act on every job, whatever became of the one before. Ends with `CommandFailed` where one was refused."""
    asyncio.run(_act_on_each(program, dsn, jobs, act, as_json=as_json))


async def _act_on_each(program: Program, dsn: str, jobs: Sequence[JobId], act: Act, *, as_json: bool) -> None:
    refusals: list[str] = []
    async with program.control_room(dsn) as room:
        for job in jobs:
            try:
                outcome, reason = await act(room, job), None
            except (JobNotFound, WrongJobState) as error:
                outcome, reason = "refused", str(error)
                refusals.append(reason)
            if as_json:
                write_documents([{"id": int(job), "outcome": outcome, "reason": reason}])
            elif reason is None:
                sys.stdout.write(f"job {job} {outcome}\n")
    if refusals:
        raise CommandFailed("; ".join(refusals))
