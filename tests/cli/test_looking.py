"""Commands that look, for people and for programs."""

from datetime import datetime, timedelta

import pytest

from domain.jobs import JobState
from tests.cli.terminal import Terminal
from tests.worlds import World
from tests.worlds.jobs import CheckFraud, SendReceipt

ESCAPE = "\x1b[2J\x9b31m"


async def test_queues(world: World, terminal: Terminal) -> None:
    """One line for each; the one without a name is called default."""
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    await world.queue("emails").enqueue(SendReceipt("A-1001"))
    await world.room.pause("emails")

    table = await terminal.ok("queues", width=80)
    documents = await terminal.documents("queues")

    assert [line.split()[0] for line in table.splitlines()] == ["Queue", "default", "⏸"]
    assert all(len(line) <= 80 for line in table.splitlines())
    assert {one["queue"]: one["counts"]["ready"] for one in documents} == {"": 2, "emails": 1}
    assert [one["paused_at"] is not None for one in documents] == [False, True]


async def test_a_queue_without_jobs(terminal: Terminal) -> None:
    """Nothing is not an error."""
    assert "There are no queues" in await terminal.ok("queues")
    assert await terminal.documents("queues") == []


async def test_jobs_by_what_they_have_in_common(world: World, terminal: Terminal) -> None:
    """The newest first, but the next first of those that wait; as many as asked for."""
    ids = await world.queue("fraud").enqueue([CheckFraud(f"A-{number}") for number in range(30)])
    await world.queue().enqueue(SendReceipt("A-7"))

    found = await terminal.documents("jobs", "--queue", "fraud", "--state", "ready", "--limit", "3")
    last = await terminal.documents("jobs", "--state", "ready", "--type", "fraud.check", "--newest-first", "-n", "1")
    newest = await terminal.documents("jobs", "--type", "fraud.check", "--limit", "1")
    oldest = await terminal.documents("jobs", "--type", "fraud.check", "--oldest-first", "--limit", "1")

    assert [one["id"] for one in found] == ids[:3]
    assert [one["id"] for one in (*last, *newest, *oldest)] == [ids[-1], ids[-1], ids[0]]
    assert len(await terminal.documents("jobs", "--limit", "0")) == 31
    assert "No job matches" in await terminal.ok("jobs", "--text", "A-9999")


async def test_times_count_from_the_clock_of_the_store(world: World, terminal: Terminal) -> None:
    """That of whoever looks may be years off, as it is here."""
    soon, early = world.clock.now() + timedelta(minutes=9), world.clock.now() - timedelta(minutes=7)
    await world.queue().enqueue(CheckFraud("A-1"), run_at=soon)
    await world.queue().enqueue(CheckFraud("A-2"), run_at=early)
    worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=1))
    await worker.bury(await worker.claim_one())
    world.clock.advance(timedelta(minutes=2))

    assert "in 7m" in await terminal.ok("jobs", "--state", "scheduled")
    assert "2m ago" in await terminal.ok("jobs", "--state", "dead")
    assert "2m ago" in await terminal.ok("dead")
    assert "2m ago" in await terminal.ok("workers")


async def test_a_list_goes_on_where_it_ended(world: World, terminal: Terminal) -> None:
    """The command says how."""
    ids = await world.queue().enqueue([CheckFraud(f"A-{number}") for number in range(5)])

    first = await terminal.run("jobs", "--limit", "3")
    after = first.stderr.split("--after ")[1].strip()
    rest = await terminal.documents("jobs", "--after", after)

    assert [one["id"] for one in rest] == list(reversed(ids[:2]))


async def test_one_job(world: World, terminal: Terminal) -> None:
    """With its attempts, the traceback and why it waits."""
    job = await world.queue().enqueue(CheckFraud("A-1001"))
    worker = await world.worker({"fraud.check": 25}, lease=timedelta(days=1))
    await worker.retry(await worker.claim_one())

    sheet = await terminal.ok("job", str(job), width=80)
    (document,) = await terminal.documents("job", str(job))

    assert "Attempt 1 failed; the next one follows" in sheet
    assert document["waiting"]["reason"] == "retry"
    assert document["payload"] == {"order": "A-1001"}
    assert [attempt["outcome"] for attempt in document["attempts"]] == ["failed"]
    assert datetime.fromisoformat(document["enqueued_at"]).utcoffset() == timedelta(0)


async def test_workers_and_the_dead(world: World, terminal: Terminal) -> None:
    """Who works, and what died of what."""
    await world.queue().enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    worker = await world.worker({"fraud.check": 25}, pool_name="web-1", lease=timedelta(days=1), size=4)
    for job in await worker.claim():
        await worker.bury(job)

    assert "web-1" in await terminal.ok("workers", width=80)
    assert [(one["name"], one["places"]) for one in await terminal.documents("workers")] == [("web-1", 4)]
    assert [(one["type"], one["count"]) for one in await terminal.documents("dead")] == [("fraud.check", 2)]
    assert "fraud.check" in await terminal.ok("dead", width=80)


async def test_nothing_in_a_job_steers_the_terminal(world: World, terminal: Terminal) -> None:
    """What its payload says is shown, and does nothing."""
    job = await world.queue("odd[bold]").enqueue(CheckFraud(f"A-1001{ESCAPE}[red]"))

    for command in (["queues"], ["jobs"], ["job", str(job)], ["jobs", "--json"], ["job", str(job), "--json"]):
        said = await terminal.ok(*command)

        assert "\x1b" not in said
        assert "\x9b" not in said
    assert "[red]" in await terminal.ok("job", str(job))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["job", "12345"], 1),
        (["job", "twelve"], 2),
        (["job", "99999999999999999999999"], 2),
        (["jobs", "--state", "done"], 2),
        (["jobs", "--after", "nonsense"], 2),
        (["jobs", "--error", "boom"], 2),
        (["queues", "--window", "1s"], 2),
        (["queues", "--window", "soon"], 2),
        (["queues", "--watch", "--json"], 2),
        (["queues", "--watch", "--every", "often"], 2),
        (["jobz"], 2),
        ([], 2),
    ],
)
async def test_errors_are_one_line(terminal: Terminal, arguments: list[str], code: int) -> None:
    """And the code tells what kind they are."""
    result = await terminal.run(*arguments)

    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("arrower: ")


async def test_every_state_has_a_look(world: World, terminal: Terminal) -> None:
    """A list of jobs in each of them."""
    for state in JobState:
        assert (await terminal.run("jobs", "--state", state)).exit_code == 0


async def test_a_narrow_terminal_has_room_for_what_matters(world: World, terminal: Terminal) -> None:
    """Instead of a bit of everything."""
    worker = await world.worker({"fraud.check": 3}, "reports", "mailer-1")
    dead, ready = await world.queue("reports").enqueue([CheckFraud("A-1001"), CheckFraud("A-1002")])
    job, other = await worker.claim(2)
    await worker.bury(job)
    await worker.release(other)

    def rows(table: str) -> list[list[str]]:
        assert max(map(len, table.splitlines())) <= 40
        return [line.split() for line in table.splitlines()[1:]]

    assert rows(await terminal.ok("queues", width=40)) == [["reports", "1", "1", "0/10"]]
    assert [row[:2] for row in rows(await terminal.ok("jobs", width=40))] == [
        [str(ready), "ready"],
        [str(dead), "dead"],
    ]
    assert [row[:2] for row in rows(await terminal.ok("workers", width=40))] == [["reports", "mailer-1"]]
    assert [row[:2] for row in rows(await terminal.ok("dead", width=40))] == [["1", "fraud.check"]]


@pytest.mark.parametrize("width", [80, 160])
async def test_long_names_and_errors_leave_the_ids_readable(world: World, terminal: Terminal, width: int) -> None:
    """What is cut is what is long."""
    job = await world.queue("a queue with quite a long name for a table").enqueue(CheckFraud("A" * 300))

    row = (await terminal.ok("jobs", width=width)).splitlines()[1]

    assert row.split()[:2] == [str(job), "ready"]
    assert "fraud.check" in row
    assert len(row) <= width
