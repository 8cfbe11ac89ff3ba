"""Where an axis ends."""

import math

_STEPS = (1, 2, 4, 6, 10)


def nice_top(highest: float) -> int:
    """Return a round number that is not below `highest`, can be halved, and is at least 2."""
    if highest <= 2:  # noqa: PLR2004  # the least axis that has a middle
        return 2
    magnitude = 10 ** math.floor(math.log10(highest))
    return max(next(int(step * magnitude) for step in _STEPS if step * magnitude >= highest), 2)
