"""Acting on many: first say how many, then ask, then act."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import typer
from rich.console import Console

from adapters.cli.failures import CommandFailed, WrongUse
from adapters.cli.output import write_documents, write_note
from adapters.cli.program import Program
from adapters.cli.words import many, number
from application.jobs.control_room import ControlRoom
from application.jobs.looking import Count

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ManyAct:
    """Something to be done with every job that matches."""

    verb: str
    done: str
    """The verb for when it is done."""
    count: Callable[[ControlRoom], Awaitable[Count]]
    act: Callable[[ControlRoom, Progress], Awaitable[int]]


def act_on_many(program: Program, dsn: str, deed: ManyAct, *, yes: bool, as_json: bool) -> None:
    """Do it, unless nothing matches or somebody thinks better of it. Ends with `CommandFailed` then."""
    matched = _count_unless_interrupted(program, dsn, deed)
    if not (matched.is_nothing or yes):
        _ask(deed, matched)
    touched = 0 if matched.is_nothing else _act_unless_interrupted(program, dsn, deed)
    if as_json:
        write_documents(
            [{"action": deed.verb, "matched": int(matched), "matched_is_estimated": not matched.exact, "done": touched}]
        )
    elif touched:
        sys.stdout.write(f"{deed.done} {many(touched, 'job')}\n")
    if not touched:
        msg = "no job matches"
        raise CommandFailed(msg)


def _ask(deed: ManyAct, matched: Count) -> None:
    meant = many(matched, "job") if matched else "what matches, if anything among very many jobs does"
    question = f"{deed.verb.capitalize()} {meant}?"
    if not sys.stdin.isatty():
        msg = f"{question} Nobody is there to answer: say --yes"
        raise WrongUse(msg)
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort:
        write_note("")  # Ctrl-C leaves the cursor behind the question
        raise
    if not agreed:
        raise typer.Abort


def _count_unless_interrupted(program: Program, dsn: str, deed: ManyAct) -> Count:
    try:
        return asyncio.run(_count(program, dsn, deed))
    except KeyboardInterrupt:
        write_note("nothing was done: it was interrupted before")
        raise


async def _count(program: Program, dsn: str, deed: ManyAct) -> Count:
    async with program.control_room(dsn) as room:
        return await deed.count(room)


def _act_unless_interrupted(program: Program, dsn: str, deed: ManyAct) -> int:
    touched = 0

    def note(so_far: int) -> None:
        nonlocal touched
        touched = so_far

    try:
        return asyncio.run(_act(program, dsn, deed, note))
    except KeyboardInterrupt:
        write_note(f"{deed.done} {many(touched, 'job')} until it was interrupted")
        raise
    except Exception:
        if touched:
            write_note(f"{deed.done} {many(touched, 'job')} until it failed")
        raise


async def _act(program: Program, dsn: str, deed: ManyAct, note: Progress) -> int:
    async with program.control_room(dsn) as room:
        with Console(stderr=True).status(f"{deed.verb} …") as status:

            def tell(touched: int) -> None:
                note(touched)
                status.update(f"{deed.verb} … {number(touched)}")

            return await deed.act(room, tell)
