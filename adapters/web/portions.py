"""Long lists that were read as a whole, shown in portions: a page that is brought up to date must not be heavy."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from adapters.web.addresses import whole

ItemT = TypeVar("ItemT")

MOST = 50


class Portion(NamedTuple, Generic[ItemT]):
    """Some of a list, one after another."""

    items: Sequence[ItemT]
    number: int
    """Which portion it is, from 1."""
    in_all: int
    """Of how many items it is a part."""

    @property
    def first(self) -> int:
        """The place of its first item in the list, from 1."""
        return (self.number - 1) * MOST + 1

    @property
    def last(self) -> int:
        """The place of its last item."""
        return self.first + len(self.items) - 1


def portion_of(items: Sequence[ItemT], number: str | None) -> Portion[ItemT]:
    """Return the portion of this number, the first one without, the last one where there are not so many.

    Raises `InvalidRequest` for what is no number.
    """
    last = max(-(-len(items) // MOST), 1)
    chosen = min(max(whole(number), 1), last) if number else 1
    return Portion(items[(chosen - 1) * MOST : chosen * MOST], chosen, len(items))
