"""What is seen while the demo works."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_LINES = 4


class Display(AbstractContextManager["Display"]):
    """Bars on a terminal, and a line now and then where there is none."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description:<13}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._orders = self._bars.add_task("orders placed", total=None)
        self._jobs = self._bars.add_task("jobs done", total=None)
        self._quarters_told = 0

    def __enter__(self) -> Self:
        """Begin to show the bars."""
        self._bars.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the bars as they are."""
        self._bars.stop()

    def say(self, text: str) -> None:
        """Show a sentence that stays."""
        self._bars.console.print(text)

    def orders(self, placed: int, total: int) -> None:
        """Show how many orders are placed."""
        self._bars.update(self._orders, completed=placed, total=total)

    def jobs(self, done: int, total: int) -> None:
        """Show how many jobs are done."""
        self._bars.update(self._jobs, completed=done, total=total)
        quarters = done * _LINES // max(total, 1)
        if not self._console.is_terminal and quarters > self._quarters_told:
            self._quarters_told = quarters
            self._console.print(f"{done:,} jobs done")  # and more come: jobs enqueue jobs
