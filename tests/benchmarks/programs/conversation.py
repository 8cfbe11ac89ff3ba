"""How a measured program talks with the benchmark: JSON lines out, plain lines in. Standard library only."""

import asyncio
import json
import sys
import time
from types import TracebackType
from typing import Self

_REPORT_INTERVAL = 0.01


def say(event: str, **fields: object) -> None:
    """Tell something."""
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


class Conversation:
    """Hears what the benchmark says, while other tasks run."""

    def __init__(self) -> None:
        self._words: dict[str, asyncio.Event] = {"go": asyncio.Event(), "stop": asyncio.Event()}
        self._task: asyncio.Task[None] | None = None
        self.ran_elsewhere = 0
        """How many jobs the workers have run."""
        self.heard = asyncio.Condition()

    async def __aenter__(self) -> Self:
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        self._task = asyncio.create_task(self._listen(reader))
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()

    async def hear(self, word: str) -> None:
        """Wait until `go` or `stop` was said."""
        await self._words[word].wait()

    async def until_ran(self, jobs: int) -> None:
        """Wait until the workers have run so many jobs."""
        async with self.heard:
            await self.heard.wait_for(lambda: self.ran_elsewhere >= jobs)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            word, _, number = line.decode().strip().partition(" ")
            if word == "ran":
                async with self.heard:
                    self.ran_elsewhere = int(number)
                    self.heard.notify_all()
            else:
                self._words[word].set()


class Counter:
    """Counts the jobs that ran here, and reports them about every hundredth of a second."""

    def __init__(self, jobs: int, sample_every: int) -> None:
        self._jobs = jobs
        self._sample_every = sample_every
        self._ran = 0
        self._reported = 0
        self.starts: list[tuple[int, int]] = []
        """Numbers of jobs, and when they started: nanoseconds of the clock that all processes share."""

    def started(self, number: int) -> None:
        """Note the time of a job func that starts."""
        if self._sample_every and number >= 0 and number % self._sample_every == 0:
            self.starts.append((number, time.monotonic_ns()))

    def ended(self, jobs: int = 1) -> None:
        """Count what has run."""
        self._ran += jobs
        if self._ran >= self._jobs:
            self._report()

    async def report(self) -> None:
        """Report until cancelled."""
        while True:
            await asyncio.sleep(_REPORT_INTERVAL)
            if self._ran != self._reported:
                self._report()

    def _report(self) -> None:
        self._reported = self._ran
        say("progress", ran=self._ran, at=time.monotonic())
