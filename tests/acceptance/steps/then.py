"""Then: what can be seen through a port."""

import pytest
from pytest_bdd import then

from application.jobs.looking import AttemptOutcome, AttemptRecord
from domain.jobs import AttemptLost, JobNotFound, JobState, UnitOfWorkFailed
from tests.acceptance.phrases import phrase
from tests.acceptance.theatre import Theatre
from tests.worlds.deadline import eventually


@then(phrase('the job "{job:Name}" is {state:State}'))
def is_in_state(theatre: Theatre, job: str, state: JobState) -> None:
    """Now or soon. A running job that keeps working has written by then what it writes."""
    theatre.play(theatre.stage.reaches(job, state))
    if state is JobState.RUNNING and theatre.stage.errands.scripts[job].keeps_working:
        theatre.play(theatre.stage.is_at_work(job))


@then(phrase('the job "{job:Name}" is still {state:State}'))
def is_still_in_state(theatre: Theatre, job: str, state: JobState) -> None:
    """After everything that can run has run."""
    theatre.play(theatre.stage.settle())
    assert theatre.play(theatre.stage.job(job)).state is state


@then(phrase('the job "{job:Name}" waits for its next attempt'))
def waits_for_next_attempt(theatre: Theatre, job: str) -> None:
    """Scheduled for later, with one failed attempt."""
    record = theatre.play(theatre.stage.has_failed(job, 1))
    assert record.run_at > theatre.stage.world.clock.now()


@then(phrase('the job "{job:Name}" does not exist'))
def does_not_exist(theatre: Theatre, job: str) -> None:
    """For anybody."""
    with pytest.raises(JobNotFound):
        theatre.play(theatre.stage.job(job))


@then(phrase('the job "{job:Name}" does not run'))
def does_not_run(theatre: Theatre, job: str) -> None:
    """Though everything that can run has run."""
    theatre.play(theatre.stage.settle())
    assert job not in theatre.stage.runs()


@then(phrase('the job "{job:Name}" has {attempts:Attempts}'))
def has_attempts(theatre: Theatre, job: str, attempts: int) -> None:
    """Those that count, the running one included."""
    assert len(theatre.play(theatre.stage.job(job)).attempts) == attempts


@then(phrase('attempt {number:Number} at the job "{job:Name}" failed with "{error:Words}"'))
def attempt_failed(theatre: Theatre, number: int, job: str, error: str) -> None:
    """Its error was kept, and its start and end."""
    attempt = _attempt(theatre, job, number)
    assert attempt.outcome is AttemptOutcome.FAILED
    assert error in str(attempt.error)
    assert attempt.finished_at is not None
    assert attempt.started_at <= attempt.finished_at


@then(phrase('attempt {number:Number} at the job "{job:Name}" completed it'))
def attempt_completed(theatre: Theatre, number: int, job: str) -> None:
    """Without an error."""
    attempt = _attempt(theatre, job, number)
    assert (attempt.outcome, attempt.error) == (AttemptOutcome.COMPLETED, None)


@then(phrase('the worker "{worker:Name}" died in attempt {number:Number} at the job "{job:Name}"'))
def worker_died_in_attempt(theatre: Theatre, worker: str, number: int, job: str) -> None:
    """As the history tells."""
    attempt = _attempt(theatre, job, number)
    assert (attempt.pool_name, attempt.outcome) == (worker, AttemptOutcome.DIED)


def _attempt(theatre: Theatre, job: str, number: int) -> AttemptRecord:
    return theatre.play(theatre.stage.job(job)).attempts[number - 1]


@then(phrase("there is {number:Number} job"))
def number_of_jobs(theatre: Theatre, number: int) -> None:
    """In all queues and states."""
    assert sum(theatre.play(theatre.stage.world.counts()).values()) == number


@then("there is no job")
def no_job(theatre: Theatre) -> None:
    """In any queue or state."""
    assert theatre.play(theatre.stage.world.counts()) == {}


@then(phrase("the jobs run in the order {jobs:Names}"))
def jobs_run_in_order(theatre: Theatre, jobs: list[str]) -> None:
    """Each of them once."""
    theatre.play(eventually(lambda: len(theatre.stage.runs()) >= len(jobs)))
    assert theatre.stage.runs() == jobs


@then("every one of these jobs is completed")
def crowd_is_completed(theatre: Theatre) -> None:
    """Now or soon."""
    for job in theatre.stage.crowd:
        theatre.play(theatre.stage.reaches(job, JobState.COMPLETED))


@then("every one of these jobs ran once")
def crowd_ran_once(theatre: Theatre) -> None:
    """In whatever order."""
    assert sorted(theatre.stage.runs()) == sorted(theatre.stage.crowd)


@then(phrase('the only note is "{note:Name}"'))
def only_note(theatre: Theatre, note: str) -> None:
    """It is committed, once."""
    assert theatre.play(theatre.stage.world.effects()) == [note]


@then("there is no note")
def no_note(theatre: Theatre) -> None:
    """None is committed."""
    assert theatre.play(theatre.stage.world.effects()) == []


@then(phrase('the unit of work fails, because "{problem:Words}"'))
def unit_fails(theatre: Theatre, problem: str) -> None:
    """It says so when it ends."""
    assert isinstance(theatre.stage.error, UnitOfWorkFailed)
    assert problem in str(theatre.stage.error)


@then(phrase('it is refused, because "{problem:Words}"'))
def is_refused(theatre: Theatre, problem: str) -> None:
    """The error names the problem."""
    assert theatre.stage.error is not None
    assert problem in str(theatre.stage.error)


@then("there is no error")
def no_error(theatre: Theatre) -> None:
    """The event was answered as if it was the most natural thing."""
    assert theatre.stage.error is None


@then(phrase('the worker "{worker:Name}" is told that it lost the job'))
def told_that_it_lost(theatre: Theatre, worker: str) -> None:
    """By the commit."""
    assert isinstance(theatre.stage.error, AttemptLost)
    assert theatre.stage.error.job_id == theatre.stage.claims[worker].id


@then(phrase('the worker "{worker:Name}" gets no job'))
def gets_no_job(theatre: Theatre, worker: str) -> None:
    """Though one is ready."""
    assert worker in theatre.stage.hands
    assert theatre.stage.got == []


@then(phrase('the worker "{worker:Name}" is told that it was given up'))
def told_that_it_was_given_up(theatre: Theatre, worker: str) -> None:
    """By its heartbeat."""
    hand = theatre.stage.hands[worker]
    assert theatre.play(hand.store.heartbeat(hand.id)) is False


@then(phrase('the queue "{queue:Name}" has {number:Number} worker that knows "{job_type:Name}"'))
def queue_has_workers(theatre: Theatre, queue: str, number: int, job_type: str) -> None:
    """Now or soon."""

    async def are_listed() -> bool:
        workers = await theatre.stage.world.inspection.workers(queue)
        return [worker.types for worker in workers] == [(job_type,)] * number

    theatre.play(eventually(are_listed))


@then("no worker is left")
def no_worker(theatre: Theatre) -> None:
    """On any queue."""
    assert theatre.play(theatre.stage.world.inspection.workers()) == []
