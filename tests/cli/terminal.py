"""Somebody at a terminal."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
from typer.testing import CliRunner, Result

from adapters.cli import HealthQuestion, Program, Serving, WorkOrder, command_line
from adapters.postgres import postgres_control_room
from adapters.postgres.looking.job_listing import PostgresJobListing
from application.jobs.control_room import ControlRoom
from application.jobs.looking import ListJobs
from tests.worlds import PostgresWorld, World
from tests.worlds.jobs import JOB_CLASSES


class WorldProgram(Program):
    """A program on a world; it remembers what it was told to start."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.started: list[WorkOrder | Serving] = []
        self.most_read = 50_000
        """Jobs that lists search at a time."""

    @asynccontextmanager
    async def control_room(self, dsn: str) -> AsyncGenerator[ControlRoom]:
        """Connect from the event loop of the command, which is another than that of the world."""
        world = self._world
        if not isinstance(world, PostgresWorld):
            yield replace(world.room, jobs=ListJobs(world.listing(self.most_read)))
            return
        async with asyncpg.create_pool(world.dsn, min_size=0, max_size=2) as pool:
            room = postgres_control_room(pool, job_classes=JOB_CLASSES, clock=world.clock)
            yield replace(room, jobs=ListJobs(PostgresJobListing(pool, most_read=self.most_read)))

    async def migrate(self, dsn: str) -> None:
        """Do nothing: a world is migrated."""

    def work(self, dsn: str | None, order: WorkOrder) -> int:
        """Note it."""
        self.started.append(order)
        return 0

    async def serve_dashboard(self, dsn: str, serving: Serving) -> None:
        """Note it."""
        self.started.append(serving)

    def ask_health(self, question: HealthQuestion) -> bool:
        """Say that there is nobody: no worker process is in this world."""
        return False


class Terminal:
    """Runs commands on a world, in a thread, and returns what they said."""

    def __init__(self, world: World) -> None:
        self.program = WorldProgram(world)
        self._app = command_line(self.program)

    async def run(self, *arguments: str, stdin: str | None = None, width: int = 160) -> Result:
        """Run a command to its end."""
        environment = {"ARROWER_DSN": "postgresql://db.example/shop", "COLUMNS": str(width), "TERM": "dumb"}
        runner = CliRunner(env=environment)
        return await asyncio.to_thread(runner.invoke, self._app, list(arguments), input=stdin)

    async def ok(self, *arguments: str, width: int = 160) -> str:
        """Run a command that succeeds, and return its standard output."""
        result = await self.run(*arguments, width=width)
        assert result.exit_code == 0, result.output
        return result.stdout

    async def documents(self, *arguments: str) -> list[dict[str, Any]]:
        """Run a command that succeeds, and return its JSON."""
        return [json.loads(line) for line in (await self.ok(*arguments, "--json")).splitlines()]
