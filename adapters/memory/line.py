"""A waiting line: first come those with the smallest key, and leaving early costs no search."""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from adapters.memory.stored import Place, StoredJob

_FEW = 64


class Line:
    """A heap of places. Who leaves early only gives up the place; it is cleared away later."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._given_up = 0

    def __len__(self) -> int:
        return len(self._places) - self._given_up

    def __iter__(self) -> Iterator[StoredJob]:
        """Go through the jobs that wait, in no order."""
        return (place[3] for place in self._places if place[3].place is place)

    def join(self, place: Place) -> None:
        """Let a job wait at its place."""
        place[3].place = place
        heappush(self._places, place)

    def first(self) -> Place | None:
        """Return the first place, or None where nobody waits."""
        while self._places:
            place = self._places[0]
            if place[3].place is place:
                return place
            heappop(self._places)
            self._given_up -= 1
        return None

    def leave_first(self) -> None:
        """Let the job at the place that `first` just returned go."""
        heappop(self._places)[3].place = None

    def leave(self, job: StoredJob) -> None:
        """Let a job go from anywhere in the line."""
        job.place = None
        self._given_up += 1
        if self._given_up > _FEW + len(self._places) // 2:
            self._places = [place for place in self._places if place[3].place is place]
            self._given_up = 0
            heapify(self._places)
