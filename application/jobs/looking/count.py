"""Numbers of jobs, which may be estimates where there are very many."""

from typing import Self


class Count(int):
    """A number of something. Not `exact` where counting would have read too much: then it is an estimate.

    Exact are numbers of what an index finds, up to some thousands. Of completed and cancelled jobs an index knows only
    all queues together: where these have very many, those of a small queue are estimated, too.
    """

    exact: bool

    def __new__(cls, number: int, *, exact: bool = True) -> Self:
        """Make one of a number that is not negative."""
        count = super().__new__(cls, number)
        count.exact = exact
        return count

    @property
    def is_nothing(self) -> bool:
        """Whether there is surely none. An estimate of 0 is not: a few may be hidden among very many."""
        return self.exact and not self

    def __repr__(self) -> str:
        return f"{'' if self.exact else '~'}{int(self)}"
