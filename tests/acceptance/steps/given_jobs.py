"""Given: jobs, and what their job funcs do."""

from datetime import timedelta

from pytest_bdd import given

from domain.jobs import JobState, RetryPolicy
from tests.acceptance.errands import Errand, GarbledErrand, SecretErrand
from tests.acceptance.phrases import phrase
from tests.acceptance.theatre import Theatre


@given(phrase("a job is allowed {attempts:Attempts}"))
def allow_attempts(theatre: Theatre, attempts: int) -> None:
    """Set the retry policy of all workers that start later."""
    theatre.stage.retry = RetryPolicy(max_attempts=attempts)


@given(phrase('the job "{job:Name}" is enqueued'))
def enqueue(theatre: Theatre, job: str) -> None:
    """On the default queue, ready."""
    theatre.play(theatre.stage.enqueue(Errand(job)))


@given(phrase('the job "{job:Name}" is enqueued on the queue "{queue:Name}"'))
def enqueue_on(theatre: Theatre, job: str, queue: str) -> None:
    """On a queue of that name, ready."""
    theatre.play(theatre.stage.enqueue(Errand(job), queue=queue))


@given(phrase('the job "{job:Name}" is enqueued with priority {priority:Number}'))
def enqueue_with_priority(theatre: Theatre, job: str, priority: int) -> None:
    """A lower number runs first."""
    theatre.play(theatre.stage.enqueue(Errand(job), priority=priority))


@given(phrase('the job "{job:Name}" is enqueued for {delay:Duration} later'))
def enqueue_for_later(theatre: Theatre, job: str, delay: timedelta) -> None:
    """Scheduled."""
    theatre.play(theatre.stage.enqueue(Errand(job), delay=delay))


@given(phrase('the job "{job:Name}" is enqueued for {delay:Duration} earlier'))
def enqueue_for_earlier(theatre: Theatre, job: str, delay: timedelta) -> None:
    """Ready, and overdue."""
    theatre.play(theatre.stage.enqueue(Errand(job), delay=-delay))


@given(phrase("the jobs {jobs:Names} are enqueued together"))
def enqueue_together(theatre: Theatre, jobs: list[str]) -> None:
    """As one list."""
    theatre.play(theatre.stage.queue().enqueue([Errand(job) for job in jobs]))


@given(phrase('{number:Number} jobs are enqueued on the queue "{queue:Name}"'))
def enqueue_many(theatre: Theatre, number: int, queue: str) -> None:
    """A backlog."""
    theatre.play(theatre.stage.queue(queue).enqueue([Errand(f"backlog {place}") for place in range(number)]))


@given(phrase('the secret job "{job:Name}" is enqueued'))
def enqueue_secret(theatre: Theatre, job: str) -> None:
    """A job of a type that only workers know which were told."""
    theatre.play(theatre.stage.enqueue(SecretErrand(job)))


@given(phrase("{number:Number} secret jobs are enqueued with priority {priority:Number}"))
def enqueue_many_secrets(theatre: Theatre, number: int, priority: int) -> None:
    """A backlog of jobs that not every worker knows."""
    secrets = [SecretErrand(f"dossier {place}") for place in range(number)]
    theatre.play(theatre.stage.queue().enqueue(secrets, priority=priority))


@given(phrase('the unreadable job "{job:Name}" is enqueued'))
def enqueue_unreadable(theatre: Theatre, job: str) -> None:
    """Its payload does not fit the class that is registered for its type."""
    theatre.play(theatre.stage.enqueue(GarbledErrand(13), name=job))


@given(phrase('the job "{job:Name}" writes the note "{note:Name}"'))
def writes(theatre: Theatre, job: str, note: str) -> None:
    """Through its unit of work, in every attempt."""
    theatre.stage.errands.scripts[job].notes.append(note)


@given(phrase('the job "{job:Name}" enqueues the job "{follow_up:Name}"'))
def enqueues(theatre: Theatre, job: str, follow_up: str) -> None:
    """On its own queue, in every attempt, after its notes."""
    theatre.stage.errands.scripts[job].follow_ups.append(follow_up)


@given(phrase('the job "{job:Name}" {trouble:Trouble} in its {attempts:FirstAttempts}'))
def has_trouble(theatre: Theatre, job: str, trouble: str, attempts: int) -> None:
    """After what it writes and enqueues."""
    script = theatre.stage.errands.scripts[job]
    script.trouble, script.troubled_attempts = trouble, attempts


@given(phrase('the job "{job:Name}" does not fail any more'))
def has_no_trouble_any_more(theatre: Theatre, job: str) -> None:
    """Whatever was wrong is repaired."""
    theatre.stage.errands.scripts[job].trouble = None


@given(phrase('the job "{job:Name}" swallows the error of a statement'))
def swallows(theatre: Theatre, job: str) -> None:
    """And ends as if nothing had happened."""
    theatre.stage.errands.scripts[job].swallows = True


@given(phrase('the job "{job:Name}" snoozes for {delay:Duration} in its first call'))
def snoozes(theatre: Theatre, job: str, delay: timedelta) -> None:
    """After what it writes and enqueues."""
    theatre.stage.errands.scripts[job].snoozes = delay


@given(phrase('the job "{job:Name}" keeps working'))
def keeps_working(theatre: Theatre, job: str) -> None:
    """After what it writes and enqueues, until jobs may end."""
    theatre.stage.errands.scripts[job].keeps_working = True


@given("jobs may end")
def may_end(theatre: Theatre) -> None:
    """Those that keep working end as soon as they run."""
    theatre.stage.errands.may_end.set()


@given(phrase('the job "{job:Name}" is at work'))
def is_at_work(theatre: Theatre, job: str) -> None:
    """It is enqueued, and a worker runs it."""
    theatre.play(theatre.stage.enqueue(Errand(job)))
    theatre.play(theatre.stage.is_at_work(job))


@given(phrase('a worker has failed at the job "{job:Name}" {times:Times}'))
def has_failed(theatre: Theatre, job: str, times: int) -> None:
    """It still runs, and the job waits for its next attempt."""
    stage = theatre.stage
    theatre.play(stage.enqueue(Errand(job)))
    theatre.play(stage.start_worker())
    for number in range(1, times + 1):
        record = theatre.play(stage.has_failed(job, number))
        if number < times:
            stage.world.clock.move_to(record.run_at)


@given(phrase('a worker has given up the job "{job:Name}"'))
def has_given_up(theatre: Theatre, job: str) -> None:
    """It still runs, and the job is dead."""
    theatre.play(theatre.stage.enqueue(Errand(job)))
    theatre.play(theatre.stage.start_worker())
    theatre.play(theatre.stage.reaches(job, JobState.DEAD))


@given(phrase('a worker has snoozed the job "{job:Name}"'))
def has_snoozed(theatre: Theatre, job: str) -> None:
    """It still runs, and the job is scheduled."""
    theatre.play(theatre.stage.enqueue(Errand(job)))
    theatre.play(theatre.stage.start_worker())
    theatre.play(theatre.stage.reaches(job, JobState.SCHEDULED))
