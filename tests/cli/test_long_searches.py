"""Where few of very many jobs match."""

import json
from collections.abc import AsyncIterator

import pytest

from domain.jobs import JobId, JobState
from tests.cli.terminal import Terminal
from tests.worlds import PostgresWorld, World, open_postgres_world
from tests.worlds.jobs import CheckFraud

SEARCHED = 10
"""Jobs that one page searches where a stretch has two."""


async def a_rare_one(world: World) -> JobId:
    """Return a job of the queue "tiny", behind very many others."""
    (rare,) = await world.queue("tiny").enqueue([CheckFraud("rare")])
    await world.queue("big").enqueue([CheckFraud(f"A-{n}") for n in range(2 * SEARCHED)])
    return rare


async def test_a_search_ends_in_time_and_says_how_to_go_on(world: World, terminal: Terminal) -> None:
    """It names the states by which such jobs are found at once, and does not say that there are none."""
    rare, terminal.program.most_read = await a_rare_one(world), 2

    result = await terminal.run("jobs", "--queue", "tiny", "--within", "0s")

    so_far, by_state = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (0, "")
    assert so_far.startswith(f"Few jobs match: searched up to job {rare + SEARCHED + 1}. To go on, say --after ")
    assert by_state == "Found at once by their state: --state ready (1)"
    assert str(rare) in await terminal.ok("jobs", "--queue", "tiny", "--state", "ready")


async def test_it_goes_on_for_programs(world: World, terminal: Terminal) -> None:
    """With the place from the document on standard error."""
    rare, terminal.program.most_read = await a_rare_one(world), 2
    command = ["jobs", "--queue", "tiny", "--json", "--within", "0s"]

    first = await terminal.run(*command)
    second = await terminal.run(*command, "--after", json.loads(first.stderr)["next"])
    third = await terminal.run(*command, "--after", json.loads(second.stderr)["next"])

    assert json.loads(second.stderr)["is_cut_short"] is True
    assert json.loads(second.stderr)["found_at_once"] == {"ready": 1}
    assert [first.stdout, second.stdout, third.stderr] == ["", "", ""]
    assert [json.loads(line)["id"] for line in third.stdout.splitlines()] == [rare]


@pytest.mark.parametrize("patience", [["--within", "1m"], ["--within", "0s", "--limit", "0"]])
async def test_it_searches_as_long_as_it_is_told(world: World, terminal: Terminal, patience: list[str]) -> None:
    """All of them are wanted where no limit is."""
    rare, terminal.program.most_read = await a_rare_one(world), 2

    documents = await terminal.documents("jobs", "--queue", "tiny", *patience)

    assert [one["id"] for one in documents] == [rare]


class TestActs:
    """On what an estimate says there is nothing of."""

    @pytest.fixture
    async def world(self, database_dsn: str) -> AsyncIterator[PostgresWorld]:
        """Yield a world with more jobs than are counted."""
        async with open_postgres_world(database_dsn) as world:
            await world.pool.execute(
                """insert into arrower.jobs (type, payload, enqueued_at, run_at)
                select 'fraud.check', json_build_object('order', case when n = 100500 then 'rare' else '' end), $1, $1
                from generate_series(1, 100500) as n""",
                world.clock.now(),
            )
            yield world

    async def test_they_are_searched_for_all_the_same(self, world: PostgresWorld, terminal: Terminal) -> None:
        """The question says that it is not known."""
        command = ["delete", "--state", "ready", "--text", "rare"]

        asked = await terminal.run(*command)
        (document,) = await terminal.documents(*command, "--yes")

        assert "Delete what matches, if anything among very many jobs does?" in asked.stderr
        assert document == {"action": "delete", "matched": 0, "matched_is_estimated": True, "done": 1}
        assert (await world.counts())[JobState.READY] > 0
