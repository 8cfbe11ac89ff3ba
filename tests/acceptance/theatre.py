"""Where a scenario is played: steps are plain functions, and coroutines run in the scenario's one event loop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.acceptance.stage import Stage

ResultT = TypeVar("ResultT")


class Theatre:
    """Plays coroutines on a stage."""

    def __init__(self, runner: asyncio.Runner, stage: Stage) -> None:
        self._runner = runner
        self.stage = stage

    def play(self, scene: Coroutine[Any, Any, ResultT]) -> ResultT:
        """Run a coroutine to its end. Whatever the scenario started goes on meanwhile."""
        return self._runner.run(scene)

    def attempt(self, scene: Coroutine[Any, Any, object]) -> None:
        """Run the event of the scenario; its error is looked at later."""
        try:
            self.play(scene)
        except Exception as error:  # noqa: BLE001  # Then steps tell which one was expected
            self.stage.error = error
