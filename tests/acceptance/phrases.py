"""The words that can stand at the open places of a step."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from pytest_bdd import parsers

from domain.jobs import JobState
from tests.acceptance.errands import TROUBLES

ValueT = TypeVar("ValueT")
MOMENT = timedelta(microseconds=1)

_DURATIONS = {
    "a minute": timedelta(minutes=1),
    "ten minutes": timedelta(minutes=10),
    "an hour": timedelta(hours=1),
    "a day": timedelta(days=1),
}


def with_pattern(pattern: str) -> Callable[[Callable[[str], ValueT]], Callable[[str], ValueT]]:
    """Say what a converter takes, as `parse` wants to know it."""

    def mark(convert: Callable[[str], ValueT]) -> Callable[[str], ValueT]:
        marked: Any = convert
        marked.pattern = pattern
        return convert

    return mark


def _one_of(words: dict[str, ValueT]) -> Callable[[str], ValueT]:
    longest_first = sorted(words, key=len, reverse=True)

    @with_pattern("|".join(re.escape(word) for word in longest_first))
    def look_up(text: str) -> ValueT:
        return words[text]

    return look_up


@with_pattern('[^"]+')
def _name(text: str) -> str:
    return text


@with_pattern('"[^"]+"(?:, "[^"]+")*')
def _names(text: str) -> list[str]:
    return re.findall('"([^"]+)"', text)


@with_pattern(r"-?\d+")
def _number(text: str) -> int:
    return int(text)


@with_pattern(r"no attempt|1 attempt|\d+ attempts")
def _attempts(text: str) -> int:
    return 0 if text.startswith("no") else int(text.split(maxsplit=1)[0])


@with_pattern(r"first attempt|first \d+ attempts")
def _first_attempts(text: str) -> int:
    return 1 if text == "first attempt" else int(text.split()[1])


@with_pattern(r"1 time|\d+ times")
def _times(text: str) -> int:
    return int(text.split(maxsplit=1)[0])


@with_pattern(r"[^\"]+")
def _words(text: str) -> str:
    return text


_TYPES: dict[str, Any] = {
    "Attempts": _attempts,
    "Duration": _one_of(_DURATIONS),
    "FirstAttempts": _first_attempts,
    "Name": _name,
    "Names": _names,
    "Number": _number,
    "State": _one_of({state.value: state for state in JobState}),
    "Times": _times,
    "Trouble": _one_of({name: name for name in TROUBLES}),
    "Words": _words,
}


def phrase(text: str) -> parsers.cfparse:
    """Return the parser of a step."""
    return parsers.cfparse(text, extra_types=_TYPES)
