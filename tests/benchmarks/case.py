"""What is measured, and what comes out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from tests.benchmarks.bench import Bench
from tests.benchmarks.footprint import Footprint
from tests.benchmarks.goals import Goal


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of one contender, its outcome verified in the database."""

    jobs: int
    seconds: float
    footprint: Footprint | None = None
    latencies: Sequence[float] = ()
    """Milliseconds from commit, or from the time a job was due, to the start of its job func."""
    details: Mapping[str, float] = field(default_factory=dict[str, float])
    """What only this case looks at, by its name in the table."""

    @property
    def rate(self) -> float:
        """Jobs per second."""
        return self.jobs / self.seconds

    def with_commits(self, commits: int) -> Self:
        """Return the same, with the commits that are known only after everybody has left."""
        return self if self.footprint is None else replace(self, footprint=replace(self.footprint, commits=commits))


Measure = Callable[[Bench], Awaitable[Measurement]]


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that takes part in a case."""

    name: str
    peer: str
    """What has to be chosen with `--peers` for it to take part."""
    measure: Measure


@dataclass(frozen=True, slots=True)
class Case:
    """Contenders that are compared with each other, round by round."""

    name: str
    title: str
    contenders: tuple[Contender, ...]
    reference: str
    """The contender that is 1.00 in the table."""
    goals: tuple[Goal, ...] = ()
