"""What producers and job funcs saw, written down outside the database under test."""

import json
import os
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

real_time = time.time
"""The host's clock, also where a test puts the clock of a worker wrong."""


class Outcome(StrEnum):
    """What a producer knows of an enqueue."""

    COMMITTED = "committed"
    ROLLED_BACK = "rolled back"
    UNKNOWN = "unknown"
    """The commit was sent, and no answer came."""


@dataclass(frozen=True, slots=True)
class Enqueued:
    """A producer enqueued a job, or tried to."""

    name: str
    outcome: Outcome
    run_at: float = 0.0
    """The earliest start, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Began:
    """A job func was called."""

    name: str
    attempt: int
    worker: int
    at: float = field(default_factory=real_time)


@dataclass(frozen=True, slots=True)
class Wrote:
    """A job func wrote its effect, which is not committed yet."""

    name: str
    attempt: int
    worker: int
    at: float = field(default_factory=real_time)


@dataclass(frozen=True, slots=True)
class Ended:
    """A job func returned, raised, or was cancelled. There is none where its process died."""

    name: str
    attempt: int
    worker: int
    how: str
    at: float = field(default_factory=real_time)


@dataclass(frozen=True, slots=True)
class Deleted:
    """Somebody deleted a job, and was told that it is gone."""

    name: str
    at: float = field(default_factory=real_time)


@dataclass(frozen=True, slots=True)
class CalledOff:
    """Somebody cancelled a job, and was told that it is, or will be where its attempt has not ended by then."""

    name: str
    at: float = field(default_factory=real_time)


Event = Enqueued | Began | Wrote | Ended | Deleted | CalledOff
_KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in (Enqueued, Began, Wrote, Ended, Deleted, CalledOff)}


class Ledger:
    """A file that one process appends to, a line for each event. It survives the process at once."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / f"{os.getpid()}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, event: Event) -> None:
        """Append in one write, so that a line is there as a whole or not at all."""
        line = json.dumps({"kind": type(event).__name__, **asdict(event)}) + "\n"
        os.write(self._file, line.encode())

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


@dataclass(frozen=True, slots=True)
class History:
    """All that was written down."""

    events: list[Event]

    @property
    def enqueued(self) -> list[Enqueued]:
        """What producers tried."""
        return [event for event in self.events if isinstance(event, Enqueued)]

    @property
    def began(self) -> list[Began]:
        """The calls of job funcs."""
        return [event for event in self.events if isinstance(event, Began)]

    @property
    def wrote(self) -> list[Wrote]:
        """The effects before their commit."""
        return [event for event in self.events if isinstance(event, Wrote)]

    @property
    def ended(self) -> list[Ended]:
        """The ends of job funcs."""
        return [event for event in self.events if isinstance(event, Ended)]

    @property
    def deleted(self) -> list[Deleted]:
        """What was removed by hand."""
        return [event for event in self.events if isinstance(event, Deleted)]

    @property
    def called_off(self) -> list[CalledOff]:
        """What was cancelled by hand."""
        return [event for event in self.events if isinstance(event, CalledOff)]


class HistoryReader:
    """Reads the ledgers of all processes, and each line of them once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self._events: list[Event] = []

    def read(self) -> History:
        """Return all that was written down by now."""
        for file in sorted(self._folder.glob("*.jsonl")):
            with file.open("rb") as ledger:
                ledger.seek(self._read.get(file, 0))
                whole, _, _ = ledger.read().rpartition(b"\n")
            if whole:
                self._events.extend(_event(json.loads(line)) for line in whole.splitlines())
                self._read[file] = self._read.get(file, 0) + len(whole) + 1
        return History(list(self._events))


def _event(fields: dict[str, object]) -> Event:
    kind = _KINDS[str(fields.pop("kind"))]
    if kind is Enqueued:
        fields["outcome"] = Outcome(str(fields["outcome"]))
    return kind(**fields)  # type: ignore[arg-type]  # written by Ledger.write
