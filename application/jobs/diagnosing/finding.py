"""Something that was found, as data."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Jobs do not run, or soon will not."""
    WARNING = "warning"
    """It works, and something is wrong."""
    NOTICE = "notice"
    """Worth knowing; nothing is wrong."""

    @property
    def is_wrong(self) -> bool:
        """Whether somebody should do something."""
        return self is not Severity.NOTICE


class FindingKind(StrEnum):
    """What was found; these names stay."""

    NOT_MIGRATED = "not migrated"
    NEWER_SCHEMA = "newer schema"
    NO_WORKER = "no worker"
    UNKNOWN_TYPE = "unknown type"
    PAUSED_QUEUE = "paused queue"
    DEAD_JOBS = "dead jobs"
    MIXED_VERSIONS = "mixed versions"
    HELD_SNAPSHOT = "held snapshot"
    VACUUM_BEHIND = "vacuum behind"
    AUTOVACUUM_OFF = "autovacuum off"
    CONNECTIONS_SHORT = "connections short"
    POOLER = "pooler"
    NOTIFICATIONS_FULL = "notifications full"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, with what it means and what to do about it, each in a sentence or two."""

    kind: FindingKind
    severity: Severity
    about: str
    """The queue, table or session it is about; empty for the whole."""
    found: str
    meaning: str
    advice: str
