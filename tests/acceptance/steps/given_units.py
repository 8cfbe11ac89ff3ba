"""Given: a unit of work that is open."""

import pytest
from pytest_bdd import given

from domain.jobs import EnqueueFailed
from tests.acceptance.errands import Errand
from tests.acceptance.phrases import phrase
from tests.acceptance.theatre import Theatre


@given(phrase('a unit of work that wrote the note "{note:Name}" and enqueued the job "{job:Name}"'))
def open_unit(theatre: Theatre, note: str, job: str) -> None:
    """It is open."""
    stage = theatre.stage

    async def write_and_enqueue() -> None:
        await stage.world.write(note)
        await stage.enqueue(Errand(job))

    theatre.play(stage.open_unit())
    theatre.play(stage.unit.do(write_and_enqueue))


@given(phrase('the unit of work enqueued the job "{job:Name}" on the queue "{queue:Name}"'))
def enqueued_too(theatre: Theatre, job: str, queue: str) -> None:
    """As well."""
    stage = theatre.stage
    theatre.play(stage.unit.do(lambda: stage.enqueue(Errand(job), queue=queue)))


@given("a block inside the unit of work failed, and its error was swallowed")
def block_failed(theatre: Theatre) -> None:
    """The block had joined the unit."""
    theatre.play(theatre.stage.unit.fail_inside())


@given("a statement in the unit of work failed, and its error was swallowed")
def statement_failed(theatre: Theatre) -> None:
    """Storage had refused it."""
    stage = theatre.stage

    async def fail() -> None:
        with pytest.raises(stage.world.StatementFailed):
            await stage.world.fail_a_statement()

    theatre.play(stage.unit.do(fail))


@given("the unit of work was refused a bad job")
def was_refused(theatre: Theatre) -> None:
    """Enqueue raised, and the error was swallowed."""
    stage = theatre.stage

    async def enqueue() -> None:
        with pytest.raises(EnqueueFailed):
            await stage.enqueue(Errand("form\0feed"))

    theatre.play(stage.unit.do(enqueue))
