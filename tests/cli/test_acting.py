"""Commands that act, on those named and on all that match."""

from datetime import timedelta

import pytest

from adapters.cli import Serving, WorkOrder
from domain.jobs import JobId, JobState
from tests.cli.terminal import Terminal
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, SendReceipt


async def dead(world: World, number: int) -> list[JobId]:
    """Return so many dead jobs."""
    ids = await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(number)])
    worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=99))
    for job in await worker.claim():
        await worker.bury(job)
    return ids


async def test_jobs_that_are_named(world: World, terminal: Terminal) -> None:
    """Each by itself: what is refused does not keep the others."""
    first, second = await dead(world, 2)

    result = await terminal.run("retry", str(first), "4711", str(second))

    assert result.exit_code == 1
    assert result.stderr == "arrower: there is no job 4711\n"
    assert await world.counts() == {JobState.READY: 2}


async def test_many_are_not_touched_unasked(world: World, terminal: Terminal) -> None:
    """Where nobody is there to be asked, it says how many it would have touched."""
    await dead(world, 3)

    result = await terminal.run("retry", "--type", "fraud.check", stdin="y\n")

    assert result.exit_code == 2
    assert "Retry 3 jobs?" in result.stderr
    assert await world.counts() == {JobState.DEAD: 3}


async def test_many_with_yes(world: World, terminal: Terminal) -> None:
    """It tells how many they were."""
    await dead(world, 3)

    assert await terminal.ok("retry", "--all", "--yes") == "retried 3 jobs\n"
    assert await terminal.ok("cancel", "--type", "fraud.check", "--yes") == "cancelled 3 jobs\n"
    (document,) = await terminal.documents("delete", "--state", "cancelled", "--yes")
    assert document == {"action": "delete", "matched": 3, "matched_is_estimated": False, "done": 3}
    assert await world.counts() == {}


async def test_running_ones_are_told_to_stop(world: World, terminal: Terminal) -> None:
    """They are not cancelled before they have ended; asked again there is none left to tell."""
    ids = await world.queue().enqueue([CheckFraud(f"A-{n}") for n in range(3)])
    worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=99))
    await worker.claim()

    one = await terminal.ok("cancel", str(ids[0]))
    many = await terminal.ok("cancel", "--state", "running", "--yes")

    assert one == f"job {ids[0]} is running: its worker was told to call it off\n"
    assert many == "told the workers to stop 2 jobs\n"
    assert await world.counts() == {JobState.RUNNING: 3}


async def test_where_nothing_matches(terminal: Terminal) -> None:
    """Scripts can tell."""
    result = await terminal.run("retry", "--type", "nobody.knows", "--yes")

    assert (result.exit_code, result.stderr) == (1, "arrower: no job matches\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["retry"],
        ["cancel"],
        ["delete"],
        ["retry", "1", "--all"],
        ["delete", "--type", "fraud.check", "--yes"],
        ["delete", "--state", "running", "--yes"],
        ["prune", "--state", "ready", "--yes"],
        ["prune", "--older-than", "yesterday", "--yes"],
        ["change", "1"],
        ["change", "1", "--run-at", "2030-01-31T09:00"],
        ["enqueue", "fraud.check", "{"],
        ["enqueue", "fraud.check", '{"order": "A-1", "odrer": "A-2"}'],
        ["enqueue", "nobody.knows", "{}"],
        ["enqueue", "fraud.check", '{"order": "A-1"}', "--priority", "99999"],
    ],
)
async def test_what_is_not_clear_is_refused(world: World, terminal: Terminal, arguments: list[str]) -> None:
    """Before anything is touched."""
    job = await world.queue().enqueue(CheckFraud("A-1001"))

    result = await terminal.run(*[str(job) if argument == "1" else argument for argument in arguments])

    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1
    assert await world.counts() == {JobState.READY: 1}


async def test_changing_when_a_job_runs(world: World, terminal: Terminal) -> None:
    """Its priority, its time, or both."""
    job = await world.queue().enqueue(CheckFraud("A-1001"))

    await terminal.ok("change", str(job), "--priority", "-5", "--run-at", "2999-01-01T00:00Z")

    changed = await world.job(job)
    assert (changed.priority, changed.state, changed.run_at.year) == (-5, JobState.SCHEDULED, 2999)
    await terminal.ok("change", str(job), "--run-at", "15m")
    assert (await world.job(job)).run_at == world.clock.now() + timedelta(minutes=15)


async def test_pausing_and_resuming(world: World, terminal: Terminal) -> None:
    """A queue is what it is called; the second time is told apart."""
    await world.queue().enqueue(CheckFraud("A-1001"))

    unheard = await terminal.run("pause", "defualt")
    assert unheard.exit_code == 0
    assert "nobody has used a queue defualt so far" in unheard.stderr
    assert await terminal.documents("resume", "defualt") == [{"queue": "defualt", "paused": False, "changed": True}]

    said = await terminal.run("pause", "default")
    assert (said.stdout, said.stderr) == ("queue default paused\n", "")
    assert (await terminal.run("pause", "default")).exit_code == 1
    assert (await terminal.documents("queues"))[0]["paused_at"] is not None
    assert await terminal.documents("resume", "default") == [{"queue": "", "paused": False, "changed": True}]
    assert (await terminal.run("resume", "default")).exit_code == 1


async def test_enqueueing(world: World, terminal: Terminal) -> None:
    """From the command, or from standard input."""
    enqueued = await terminal.ok("enqueue", "fraud.check", '{"order": "A-1001"}', "--queue", "fraud", "-p", "-3")
    piped = await terminal.run("enqueue", "fraud.check", "-", "--run-at", "2999-01-01T00:00Z", stdin='{"order": "B"}')

    job = await world.job(JobId(enqueued))
    assert (job.queue, job.priority, job.state) == ("fraud", -3, JobState.READY)
    assert (await world.job(JobId(piped.stdout))).state is JobState.SCHEDULED


async def test_pruning(world: World, terminal: Terminal) -> None:
    """By age; the dead only where they are named."""
    await dead(world, 2)
    await world.operations.cancel(await world.queue().enqueue(SendReceipt("A-1001")))
    world.clock.advance(timedelta(days=3))

    assert await terminal.ok("prune", "--older-than", "2d", "--yes") == "pruned 1 job\n"
    assert (await terminal.run("prune", "--older-than", "5d", "--state", "dead", "--yes")).exit_code == 1
    assert await terminal.ok("prune", "--older-than", "2d", "--state", "dead", "--yes") == "pruned 2 jobs\n"


async def test_what_is_started(terminal: Terminal) -> None:
    """The program gets what was said."""
    await terminal.ok("worker", "shop:Container", "--queues", "emails, default", "--processes", "3", "--grace", "1m")
    await terminal.ok("dashboard", "--port", "9000", "--actions")

    order = WorkOrder("shop:Container", ("emails", ""), 3, timedelta(minutes=1), ends_with_input=False)
    assert terminal.program.started == [order, Serving(None, 9000, actions=True)]
    assert await terminal.ok("migrate") == "the tables are up to date\n"
