"""What was counted when all was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.jobs import JobState


class EffectCount(NamedTuple):
    """Something the jobs did: how often it should have been done, and how often it was."""

    name: str
    expected: int
    found: int
    lost: int
    doubled: int
    """Done, and not expected (any more)."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Counted from the database."""

    orders: Mapping[str, int]
    """By state, and by the reason where they were cancelled."""
    jobs: Mapping[JobState, int]
    retries: int
    """Attempts that failed and were followed by another."""
    rescued_jobs: int
    """Jobs whose worker died while it owned them."""
    effects: Sequence[EffectCount]

    @property
    def lost(self) -> int:
        """All effects that are missing."""
        return sum(effect.lost for effect in self.effects)

    @property
    def doubled(self) -> int:
        """All effects that should not be there, or not twice."""
        return sum(effect.doubled for effect in self.effects)

    @property
    def all_well(self) -> bool:
        """Whether each effect is there exactly once."""
        return not self.lost and not self.doubled
