"""What people see: each table fits 80 columns, tells more where there are more, and less down to 40."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from rich.table import Table
from rich.text import Text

from adapters.cli.words import plain
from domain.jobs import JobState

NARROW = 64
"""Columns below which a table tells less."""
WIDE = 110
"""Columns from which a table tells more."""

_GAP = 2

_STATES = {
    JobState.SCHEDULED: "blue",
    JobState.READY: "cyan",
    JobState.RUNNING: "yellow",
    JobState.COMPLETED: "green",
    JobState.DEAD: "bold red",
    JobState.CANCELLED: "bright_black",
}


class Sight(NamedTuple):
    """What a table is drawn for."""

    width: int
    """Of the terminal, in columns."""
    now: datetime
    """From which times count."""

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for what matters most alone."""
        return self.width < NARROW

    @property
    def is_wide(self) -> bool:
        """Whether there is room to tell more."""
        return self.width >= WIDE


def style_of(state: JobState) -> Style:
    """Return the colour of a state."""
    return Style.parse(_STATES[state])


def state_text(state: JobState) -> Text:
    """Return the state in its colour."""
    return Text(str(state), style_of(state))


def cell(text: str, style: str = "") -> Text:
    """Return text that nothing in it can change the look of."""
    return Text(plain(text), style, overflow="ellipsis", no_wrap=True)


def counted(value: int, text: str, style: Style) -> Text:
    """Return a number in a colour, and a zero without."""
    return Text(text, style if value else Style.parse("bright_black"))


def fill(table: Table, rows: Sequence[Sequence[Text]], width: int) -> None:
    """Add the rows; the last column gets the space that the others leave, and is cut to it."""
    taken = [
        max(column.min_width or 0, cell_len(str(column.header)), *(row[index].cell_len for row in rows)) + _GAP
        for index, column in enumerate(table.columns[:-1])
    ]
    left = max(width - sum(taken), _GAP)
    for row in rows:
        row[-1].truncate(left, overflow="ellipsis")
        table.add_row(*row)


def new_table() -> Table:
    """Return one with as little around it as can be."""
    return Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold", collapse_padding=True)
