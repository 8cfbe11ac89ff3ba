"""What is said where a list goes on."""

import json
from collections.abc import Mapping

from adapters.cli.words import moment, number
from application.jobs.looking import Count, JobPage
from application.jobs.looking.cursor import position_of
from domain.jobs import JobState

Found = Mapping[JobState, Count]
"""How many match in states by which they are found at once."""


def continuation(page: JobPage, found: Found) -> str:
    """Return how to get the rest of it, for people."""
    more = f"--after {page.next}"
    if not page.is_cut_short:
        return f"There may be more: {more}"
    states = ", ".join(f"--state {state} ({number(count)})" for state, count in found.items())
    by_state = [f"Found at once by their state: {states}"] if states else []
    return "\n".join([f"{so_far(page)} To go on, say {more}, or --within 1m to search longer.", *by_state])


def so_far(page: JobPage) -> str:
    """Return up to where a list that was cut short was searched."""
    place = position_of(page.next or "")
    return f"Few jobs match: searched up to {f'job {int(place.id)}' if place.at is None else moment(place.at)}."


def continuation_line(page: JobPage, found: Found) -> str:
    """Return the same for programs, as a document."""
    counts = {str(state): int(count) for state, count in found.items()}
    return json.dumps({"next": page.next, "is_cut_short": page.is_cut_short, "found_at_once": counts})
