"""Dead jobs as a table, many of a kind as one."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from adapters.cli.tables import Sight, cell, fill, new_table
from adapters.cli.words import from_now, number, tail
from application.jobs.looking import DeadGroup

_NARROW_TYPE, _TYPE, _WIDE_TYPE = 14, 22, 40


def dead_table(groups: Sequence[DeadGroup], sight: Sight) -> RenderableType:
    """Return the groups, one a row."""
    if not groups:
        return Text("No job is dead.", "green")
    table = new_table()
    table.add_column("Dead", justify="right", no_wrap=True, style="bold red")
    table.add_column("Type", no_wrap=True, overflow="ellipsis")
    if sight.is_wide:
        table.add_column("First", justify="right", no_wrap=True)
    if not sight.is_narrow:
        table.add_column("Last", justify="right", no_wrap=True)
        table.add_column("Example", justify="right", no_wrap=True)
    table.add_column("Error", no_wrap=True, overflow="ellipsis")
    fill(table, [_cells(group, sight) for group in groups], sight.width)
    return table


def _cells(group: DeadGroup, sight: Sight) -> list[Text]:
    if sight.is_narrow:
        return [Text(number(group.count)), cell(tail(group.type, _NARROW_TYPE)), cell(group.error)]
    return [
        Text(number(group.count)),
        cell(tail(group.type, _WIDE_TYPE if sight.is_wide else _TYPE)),
        *((Text(from_now(group.first_seen, sight.now)),) if sight.is_wide else ()),
        Text(from_now(group.last_seen, sight.now)),
        Text(str(int(group.example))),
        cell(group.error),
    ]
