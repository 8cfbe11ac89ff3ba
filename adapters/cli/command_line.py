"""Puts the commands together."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from adapters.cli.commands.acting import add_acts
from adapters.cli.commands.enqueueing import add_enqueue
from adapters.cli.commands.examining import add_doctor
from adapters.cli.commands.looking import add_looks
from adapters.cli.commands.serving import add_services
from adapters.cli.commands.switching import add_switches
from adapters.cli.failures import ExitCode
from adapters.cli.output import write_note
from adapters.cli.program import Program
from adapters.cli.words import one_line
from domain.jobs import EnqueueFailed, InvalidQueueOption, InvalidRequest, JobsError, QueueNotMigrated

_HELP = """Look at job queues, and act on them.

The database is named by ARROWER_DSN, or by --dsn after the command."""
_EPILOG = "Exit codes: 0 done · 1 problem, or nothing matched · 2 wrong use · 3 database unreachable · 4 not migrated"


class _OneLineErrors(TyperGroup):
    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002  # the signature is typer's
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002  # as above
        **extra: Any,
    ) -> Any:
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)  # noqa: FBT003  # as above
        except typer.TyperException as error:
            hint = " (--help tells more)" if error.exit_code == ExitCode.USAGE else ""
            write_note(f"arrower: {one_line(error.format_message()).replace('Value error, ', '')}{hint}")
            code = error.exit_code
        except JobsError as error:
            code = _code_of(error)
            write_note(f"arrower: {one_line(str(error))}")
        except typer.Abort:
            write_note("arrower: called off")
            code = ExitCode.PROBLEM
        if not standalone_mode:
            return code
        sys.exit(int(code or 0))


def _code_of(error: JobsError) -> ExitCode:
    if isinstance(error, QueueNotMigrated):
        return ExitCode.NOT_MIGRATED
    if isinstance(error, InvalidRequest | InvalidQueueOption | EnqueueFailed):
        return ExitCode.USAGE
    return ExitCode.PROBLEM


def command_line(program: Program) -> typer.Typer:
    """Return the commands, which use the program."""
    app = typer.Typer(
        name="arrower",
        cls=_OneLineErrors,
        help=_HELP,
        epilog=_EPILOG,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for add in (add_looks, add_acts, add_switches, add_enqueue, add_doctor, add_services):
        add(app, program)
    return app
