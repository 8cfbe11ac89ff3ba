"""How a command ends that could not do what it was asked: one line, and a code that scripts can tell apart.

::

    0    done
    1    a problem was found, nothing matched, it was refused, or called off at the question
    2    wrong use: an option, an argument, a DSN
    3    the database cannot be reached
    4    its tables are missing, or older than this code
    130  interrupted by Ctrl-C
"""

from enum import IntEnum

from typer import TyperException


class ExitCode(IntEnum):
    """What a process tells the one that started it."""

    OK = 0
    PROBLEM = 1
    USAGE = 2
    UNREACHABLE = 3
    NOT_MIGRATED = 4


class CommandFailed(TyperException):
    """Ends a command with one line; its message never holds a password."""

    exit_code = ExitCode.PROBLEM


class WrongUse(CommandFailed):
    """What was asked for makes no sense."""

    exit_code = ExitCode.USAGE


class DatabaseUnreachable(CommandFailed):
    """There is no server, or it lets nobody in."""

    exit_code = ExitCode.UNREACHABLE


class DatabaseRefused(CommandFailed):
    """The server answered, and would not do it."""


class NotMigrated(CommandFailed):
    """The tables of the queue are missing or too old."""

    exit_code = ExitCode.NOT_MIGRATED
