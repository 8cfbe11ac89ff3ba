"""Commands that show something, once or again and again."""

from collections.abc import Callable
from typing import Any

import typer

from adapters.cli.commands.signatures import with_options_of
from adapters.cli.parameters import AsJson, Dsn, Every, Watch, database
from adapters.cli.program import Program
from adapters.cli.showing import How, View, show

ViewOf = Callable[..., View[Any]]


def _options(*, dsn: Dsn = None, as_json: AsJson = False, watch: Watch = False, every: Every = "2s") -> None:
    """Take what all of them take."""


def watched(app: typer.Typer, program: Program, then: Callable[[Any], None] | None = None) -> Callable[[ViewOf], None]:
    """Add a command by a function that takes its own options and returns what to show.

    `then` is told what was read, where it was read once.
    """

    def add(view_of: ViewOf) -> None:
        @app.command(view_of.__name__, help=view_of.__doc__)
        @with_options_of(_options, view_of)
        def command(*, dsn: str | None, as_json: bool, watch: bool, every: str, **own: Any) -> None:
            value = show(program, database(dsn), view_of(**own), How(as_json, watch, every))
            if then is not None and value is not None:
                then(value)

    return add
