"""When: the one event of a scenario."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pytest_bdd import when

from tests.acceptance.errands import Errand
from tests.acceptance.phrases import MOMENT, phrase
from tests.acceptance.stage import GRACE, LEASE
from tests.acceptance.theatre import Theatre


@when("a worker starts")
def worker_starts(theatre: Theatre) -> None:
    """On the default queue."""
    theatre.play(theatre.stage.start_worker())


@when("a worker starts that runs one job at a time")
def single_worker_starts(theatre: Theatre) -> None:
    """On the default queue, with one place."""
    theatre.play(theatre.stage.start_worker(size=1))


@when(phrase('a worker of the queue "{queue:Name}" starts'))
def worker_of_queue_starts(theatre: Theatre, queue: str) -> None:
    """On a queue of that name."""
    theatre.play(theatre.stage.start_worker(queue))


@when("a worker starts that knows secret jobs")
def secret_worker_starts(theatre: Theatre) -> None:
    """On the default queue; it knows both types."""
    theatre.play(theatre.stage.start_worker(knows_secrets=True))


@when("the worker learns to run secret jobs")
def worker_learns(theatre: Theatre) -> None:
    """While it runs."""
    theatre.play(theatre.stage.worker.register_job_func(theatre.stage.errands.run_secret))


@when(phrase('the job "{job:Name}" comes in'))
def job_comes_in(theatre: Theatre, job: str) -> None:
    """Through the queue whose worker was shut down."""
    theatre.play(theatre.stage.enqueue(Errand(job), through=theatre.stage.worker))


@when(phrase("the jobs {jobs:Names} are enqueued"))
def jobs_come_in(theatre: Theatre, jobs: list[str]) -> None:
    """One after the other."""
    for job in jobs:
        theatre.play(theatre.stage.enqueue(Errand(job)))


@when(phrase("{number:Number} jobs are enqueued"))
def many_jobs_come_in(theatre: Theatre, number: int) -> None:
    """As one list."""
    theatre.play(theatre.stage.enqueue_crowd(number))


@when(phrase("{duration:Duration} pass"))
@when(phrase("{duration:Duration} passes"))
def time_passes(theatre: Theatre, duration: timedelta) -> None:
    """For everybody."""
    theatre.stage.world.clock.advance(duration)


@when(phrase("almost {duration:Duration} pass"))
def almost_passes(theatre: Theatre, duration: timedelta) -> None:
    """A moment is missing."""
    theatre.stage.world.clock.advance(duration - MOMENT)


@when(phrase('the next attempt at the job "{job:Name}" is due'))
def next_attempt_is_due(theatre: Theatre, job: str) -> None:
    """The pause is over."""
    theatre.stage.world.clock.move_to(theatre.play(theatre.stage.job(job)).run_at)


@when(phrase('the next attempt at the job "{job:Name}" is almost due'))
def next_attempt_is_almost_due(theatre: Theatre, job: str) -> None:
    """A moment is missing."""
    theatre.stage.world.clock.move_to(theatre.play(theatre.stage.job(job)).run_at - MOMENT)


@when("many leases pass, one after the other")
def leases_pass(theatre: Theatre) -> None:
    """The worker is heard of in each of them, and everybody looks for the dead."""
    for _ in range(10):
        theatre.play(theatre.stage.let_lease_be_renewed())


@when(phrase('an operator retries the job "{job:Name}"'))
def operator_retries(theatre: Theatre, job: str) -> None:
    """By hand."""
    theatre.play(theatre.stage.retry_by_hand(job))


@when("the unit of work commits")
def unit_commits(theatre: Theatre) -> None:
    """Its block is left."""
    theatre.attempt(theatre.stage.unit.commit())


@when("the unit of work is left by an error")
def unit_is_left_by_an_error(theatre: Theatre) -> None:
    """The business says no."""
    theatre.play(theatre.stage.unit.roll_back())


@when("the unit of work is cancelled")
def unit_is_cancelled(theatre: Theatre) -> None:
    """Its task is."""
    theatre.play(theatre.stage.unit.cancel())


@when(phrase('the worker "{worker:Name}" dies'))
def worker_dies(theatre: Theatre, worker: str) -> None:
    """Its process ends without a word, and everybody looks for the dead."""
    theatre.play(theatre.stage.kill(worker))


@when(phrase('nothing is heard of the worker "{worker:Name}" for longer than its lease'))
def worker_is_silent(theatre: Theatre, worker: str) -> None:
    """And everybody looks for the dead."""
    assert worker in theatre.stage.hands
    theatre.play(theatre.stage.let_lease_pass())


@when(phrase('nothing is heard of the worker "{worker:Name}" for as long as its lease'))
def worker_is_almost_silent(theatre: Theatre, worker: str) -> None:
    """And everybody looks for the dead."""
    assert worker in theatre.stage.hands
    theatre.play(theatre.stage.let_lease_pass(LEASE))


@when(phrase('the worker "{worker:Name}" claims'))
def worker_claims(theatre: Theatre, worker: str) -> None:
    """Whatever it gets."""
    theatre.stage.got = theatre.play(theatre.stage.hands[worker].claim())


@when(phrase('the worker "{worker:Name}" commits'))
def worker_commits(theatre: Theatre, worker: str) -> None:
    """What it has written, and the completion of its job."""
    theatre.attempt(theatre.stage.commit_written(worker))


@when(phrase('the worker "{worker:Name}" writes the note "{note:Name}" and completes the job'))
def worker_completes(theatre: Theatre, worker: str, note: str) -> None:
    """As one commit."""
    stage = theatre.stage
    theatre.attempt(stage.hands[worker].commit(stage.claims[worker], note))


@when("the worker shuts down")
def worker_shuts_down(theatre: Theatre) -> None:
    """With nothing to wait for."""
    theatre.attempt(theatre.stage.worker.shutdown(GRACE))


@when("the worker shuts down, and its jobs end within the grace")
def worker_shuts_down_in_order(theatre: Theatre) -> None:
    """They end after the shutdown began."""
    theatre.play(_shut_down_in_order(theatre))


async def _shut_down_in_order(theatre: Theatre) -> None:
    shutdown = asyncio.create_task(theatre.stage.worker.shutdown(GRACE))
    await asyncio.sleep(0)
    theatre.stage.errands.may_end.set()
    await shutdown


@when("the worker shuts down, and its jobs do not end within the grace")
def worker_shuts_down_early(theatre: Theatre) -> None:
    """There is no grace."""
    theatre.play(theatre.stage.worker.shutdown(timedelta(0)))


@when("the queue is shut down")
def queue_shuts_down(theatre: Theatre) -> None:
    """Whether it has a worker or not."""
    theatre.attempt(theatre.stage.queue().shutdown())


@when("somebody opens a queue with a name of 101 characters")
def open_impossible_queue(theatre: Theatre) -> None:
    """Which is one too many."""

    async def open_queue() -> None:
        theatre.stage.world.queue("q" * 101)

    theatre.attempt(open_queue())


@when(phrase("somebody enqueues {bad_input:Words}"))
def enqueue_bad_input(theatre: Theatre, bad_input: str) -> None:
    """Whatever it is."""
    jobs, options = BAD_INPUT[bad_input]
    theatre.attempt(theatre.stage.queue().enqueue(jobs, **options))


@dataclass(frozen=True)
class Unrepresentable:
    """A job with a field that no text can stand for."""

    call: Callable[[], None]


def _do_nothing() -> None:
    """Stand for any function."""


_GOOD = Errand("receipt A-1001")
BAD_INPUT: dict[str, tuple[Any, dict[str, Any]]] = {
    "a text": ("receipt A-1001", {}),
    "bytes": (b"receipt A-1001", {}),
    "a number": (1001, {}),
    "nothing": (None, {}),
    "a function": (_do_nothing, {}),
    "a class": (Errand, {}),
    "an empty list": ([], {}),
    "a list of which one entry is not a job": ([_GOOD, "receipt A-1002"], {}),
    "a payload that cannot be represented": (Unrepresentable(_do_nothing), {}),
    "a payload with a NUL character": (Errand("form\0feed"), {}),
    "a payload over the size limit": (Errand("receipt " * 1_000_000), {}),
    "a list of which one payload cannot be stored": ([_GOOD, Unrepresentable(_do_nothing)], {}),
    "a job with a priority too high": (_GOOD, {"priority": 32_768}),
    "a job with a priority too low": (_GOOD, {"priority": -32_769}),
    "a job for a time without a zone": (_GOOD, {"run_at": datetime(2030, 1, 1)}),  # noqa: DTZ001  # as it says
    "a job for a text as its time": (_GOOD, {"run_at": "tomorrow"}),
}
