"""A database that cannot be asked, in words: for visitors, and for the log in one line."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from application.jobs.looking import CheckDatabase, DatabaseTrouble
from domain.jobs import JobsError

_HEADINGS: Final = {
    DatabaseTrouble.UNREACHABLE: "The database cannot be reached",
    DatabaseTrouble.NOT_MIGRATED: "The tables are not ready",
    DatabaseTrouble.NOT_ALLOWED: "The database does not allow it",
    DatabaseTrouble.TOO_SLOW: "The database took too long",
}
_ADVICE: Final = {
    DatabaseTrouble.UNREACHABLE: (
        "Nothing can be shown until it is back. See whether it runs, whether it can be reached from this host, and "
        "whether it lets the user of the dashboard in; the log of the dashboard tells what was answered."
    ),
    DatabaseTrouble.NOT_MIGRATED: "The tables of the queue are missing or older than this code. Run `arrower migrate`.",
    DatabaseTrouble.NOT_ALLOWED: (
        "The user of the dashboard lacks a right: it needs `usage` of the schema and `select` on its tables, and to "
        "act `insert`, `update` and `delete`, too. The log of the dashboard tells which table it was."
    ),
    DatabaseTrouble.TOO_SLOW: (
        "The answer was not there in time, so it was called off, in order not to be in the way of the jobs. "
        "A filter by queue and state is found faster."
    ),
}


class Troubled(Exception):
    """The database could not be asked."""

    def __init__(self, trouble: DatabaseTrouble, reason: str) -> None:
        self.trouble = trouble
        self.heading = _HEADINGS[trouble]
        self.advice = _ADVICE[trouble]
        self.line = f"{self.heading.lower()}: {reason}"
        """For the log: with what was answered, which is nobody else's business."""
        super().__init__(self.heading)


@contextmanager
def troubles_told(database: CheckDatabase) -> Generator[None]:
    """Raise `Troubled` for what tells of the database, and let everything else pass."""
    try:
        yield
    except JobsError:
        raise
    except Exception as error:
        trouble = database.trouble(error)
        if trouble is None:
            raise
        answer = next(iter(str(error).splitlines()), "")
        raise Troubled(trouble, f"{type(error).__name__}: {answer}") from error
