"""The command line `arrower`: looks at queues and acts on them, for people and for scripts."""

from adapters.cli.command_line import command_line
from adapters.cli.failures import DatabaseRefused, DatabaseUnreachable, ExitCode, NotMigrated, WrongUse
from adapters.cli.program import HealthQuestion, Program, Serving, WorkOrder

__all__ = [
    "DatabaseRefused",
    "DatabaseUnreachable",
    "ExitCode",
    "HealthQuestion",
    "NotMigrated",
    "Program",
    "Serving",
    "WorkOrder",
    "WrongUse",
    "command_line",
]
