"""Given: workers that run, and workers that do only what the scenario says."""

from datetime import timedelta

from pytest_bdd import given

from tests.acceptance.phrases import phrase
from tests.acceptance.theatre import Theatre


@given("a worker")
@given("a second worker")
def worker(theatre: Theatre) -> None:
    """One that runs the default queue."""
    theatre.play(theatre.stage.start_worker())


@given("a worker that runs one job at a time")
@given("a second worker that runs one job at a time")
def single_worker(theatre: Theatre) -> None:
    """One that runs the default queue, with one place."""
    theatre.play(theatre.stage.start_worker(size=1))


@given("the worker has shut down")
def has_shut_down(theatre: Theatre) -> None:
    """With grace, and nothing to wait for."""
    theatre.play(theatre.stage.worker.shutdown())


@given("the worker has shut down before its jobs ended")
def has_shut_down_early(theatre: Theatre) -> None:
    """Without grace."""
    theatre.play(theatre.stage.worker.shutdown(timedelta(0)))


@given("that worker was given up, though it still works")
def was_given_up_while_working(theatre: Theatre) -> None:
    """Nothing was heard of it for longer than its lease, and its jobs were given away."""
    stage = theatre.stage
    theatre.play(stage.world.freeze(stage.pool_name))
    theatre.play(stage.world.maintain())


@given(phrase('the worker "{worker:Name}" owns the job "{job:Name}"'))
def owns(theatre: Theatre, worker: str, job: str) -> None:
    """It has claimed the job, and has not begun to run it."""
    theatre.play(theatre.stage.claim(worker, job))


@given(phrase('the worker "{worker:Name}" runs the job "{job:Name}"'))
def runs(theatre: Theatre, worker: str, job: str) -> None:
    """It has claimed the job, and noted that it runs."""
    stage = theatre.stage
    theatre.play(stage.claim(worker, job))
    assert theatre.play(stage.hands[worker].store.mark_started(stage.claims[worker]))


@given(phrase('the worker "{worker:Name}" owns the job "{job:Name}" and has written the note "{note:Name}"'))
def owns_and_has_written(theatre: Theatre, worker: str, job: str, note: str) -> None:
    """It has not committed yet."""
    theatre.play(theatre.stage.claim(worker, job))
    theatre.play(theatre.stage.write_uncommitted(worker, note))


@given(phrase('the worker "{worker:Name}" died while it ran the job "{job:Name}"'))
def died_while_running(theatre: Theatre, worker: str, job: str) -> None:
    """It was found, and the job is free."""
    runs(theatre, worker, job)
    was_given_up(theatre, worker)


@given(phrase('the worker "{worker:Name}" was given up'))
def was_given_up(theatre: Theatre, worker: str) -> None:
    """Nothing was heard of it for longer than its lease."""
    assert worker in theatre.stage.hands
    theatre.play(theatre.stage.let_lease_pass())


@given(phrase('the worker "{worker:Name}" was given up, and its job went to the worker "{heir:Name}"'))
def was_inherited(theatre: Theatre, worker: str, heir: str) -> None:
    """Both think that the job is theirs."""
    was_given_up(theatre, worker)
    theatre.play(theatre.stage.inherit(heir, theatre.stage.claims[worker]))
