"""Assertions about what waits in a queue."""

from itertools import islice

from adapters.memory.contents import Contents

_MOST_SHOWN = 20


class QueueAssertions:
    """Each raises an `AssertionError` that lists what is in the queue, and changes nothing.

    They look at jobs that wait: ready and scheduled, and committed.
    """

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def empty(self) -> None:
        """No job waits."""
        __tracebackhide__ = True
        self._expect("no jobs", holds=len(self._contents) == 0)

    def total(self, number: int) -> None:
        """Exactly this many jobs wait, of whatever types."""
        __tracebackhide__ = True
        self._expect(_jobs(number), holds=len(self._contents) == number)

    def pushed(self, job_class: type, times: int | None = None) -> None:
        """Exactly this many jobs of a class wait; without a number, at least one."""
        __tracebackhide__ = True
        found = self._contents.count_type(job_class)
        if times is None:
            self._expect(f"at least one {job_class.__qualname__}", holds=found > 0)
        else:
            expected = f"{_jobs(times)} of {job_class.__qualname__}"
            self._expect(expected, holds=found == times, found=f"{found} of them")

    def contains(self, job: object) -> None:
        """A job equal to this one waits; given a class, any job of it."""
        __tracebackhide__ = True
        self._expect(_named(job), holds=self._holds(job))

    def not_contains(self, job: object) -> None:
        """No job of this class waits; given a job, none equal to it."""
        __tracebackhide__ = True
        self._expect(f"no {_named(job)}", holds=not self._holds(job))

    def _holds(self, job: object) -> bool:
        if isinstance(job, type):
            return self._contents.count_type(job) > 0
        return any(job == waiting for waiting in self._contents.of_type(type(job)))

    def _expect(self, expected: str, *, holds: bool, found: str | None = None) -> None:
        __tracebackhide__ = True
        if holds:
            return
        number = len(self._contents)
        lines = [f"expected {expected} in queue {self._contents.name!r}"]
        lines[0] += f", but there are {found}" if found else ""
        lines.append(f"it holds {_jobs(number)}" + (":" if number else ""))
        shown = islice(self._contents.described(), _MOST_SHOWN)
        lines += [f"  {position}. {text}" for position, text in enumerate(shown, 1)]
        if number > _MOST_SHOWN:
            lines.append(f"  … and {number - _MOST_SHOWN} more")
        raise AssertionError("\n".join(lines))


def _named(job: object) -> str:
    return f"{job.__qualname__}" if isinstance(job, type) else repr(job)


def _jobs(number: int) -> str:
    return {0: "no jobs", 1: "1 job"}.get(number, f"{number} jobs")
