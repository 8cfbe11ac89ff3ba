"""The command that finds what is wrong."""

from tests.cli.terminal import Terminal
from tests.worlds import World
from tests.worlds.jobs import CheckFraud


async def test_where_nothing_is_wrong(terminal: Terminal) -> None:
    """It says so."""
    assert "Nothing is wrong." in await terminal.ok("doctor")
    assert await terminal.documents("doctor") == []


async def test_where_something_is_wrong(world: World, terminal: Terminal) -> None:
    """What, what that means, what to do; and the exit code is 1."""
    await world.queue("fraud").enqueue(CheckFraud("A-1001"))

    result = await terminal.run("doctor", width=80)

    assert result.exit_code == 1
    assert "error: The queue fraud has no living worker, and 1 job waits in it" in result.stdout
    assert "→ Start one" in result.stdout
    assert (await terminal.run("doctor", "--json")).exit_code == 1
