"""Numbers of jobs, which may be estimates where there are very many."""

from typing import Self


class Count(int):
    """A number of something. Not `exact` where counting would have read too much: then it is an estimate.

    Zeros, and numbers up to some thousands, are always exact.
    """

    exact: bool

    def __new__(cls, number: int, *, exact: bool = True) -> Self:
        """Make one of a number that is not negative."""
        count = super().__new__(cls, number)
        count.exact = exact
        return count

    def __repr__(self) -> str:
        return f"{'' if self.exact else '~'}{int(self)}"
