"""Finds the conditions and the locks in SQL, wherever they stand in a text."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_TOKEN = re.compile(r"'(?:[^']|'')*'|\{\{\w+\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\w+|\S")
_BEGIN = ("where", "having", "on", "when")
_END = re.compile(
    r"as|cross|for|full|group|having|join|left|limit|offset|on|order|returning|set|then|union|where|window"
    r"|\"|\{(self\.)?order(\.by)?\}"
)
_ALWAYS, _NEVER = "({} or true)", "({} and false)"

# What stands where no condition begins: locks, and what is a column, an argument, or put together from pieces.
_ELSEWHERE = {
    r"(?<=\s)skip locked": "",
    r"(?<=\s)for (?:no key )?(?:update|share)\b(?: of \w+)?(?: skip locked)?": "",
    r"(?<=\s)on conflict do nothing": "",
    r"(?<=\")\{condition\(state, parameters\)\}(?= and)": _ALWAYS,
    r"(?<= and )\{self\.order\.follows\(parameters, after\)\}(?=\")": _ALWAYS,
    r"(?<=\")state = '[\w{}.]+'(?=\")": _ALWAYS,
    r"(?<=\")[^\"\n]*(?<!\{)\{\}[^\"\n]*(?=\")": _ALWAYS,
    r"(?<=\")worker is not null(?=\")": _ALWAYS,
    r"session_pid is not null(?= and not exists)": _ALWAYS,
    r"died_at is not null or .+(?= as silent)": _ALWAYS,
    r"died_at is not null(?= or .+ as silent)": _NEVER,
    r"heartbeat_at \+ lease < .+(?= as silent)": _NEVER,
    r"unmarked(?= and \(rescues > 0)": _ALWAYS,
    r"(?<=unmarked and )\(rescues > 0 or allowed = 1\)": _ALWAYS,
    r"(?<=unmarked and \()rescues > 0": _NEVER,
    r"allowed = 1(?=\) as refunded)": _NEVER,
    r" - interval '1 day'(?=\")": "",
    r"pg_terminate_backend\(pid, \$2\)": "(pg_terminate_backend(pid) and $2::integer is not null)",
    r"pg_terminate_backend\(pid, 5000\)": "pg_terminate_backend(pid)",
}
_IN_MIGRATIONS = {
    r"(?<=check \()[^\n]+?(?=\)(?:,| not valid))": _ALWAYS,
    r"(?<=when )state = 'scheduled'(?= then 's:')": _ALWAYS,
    r"(?<=when )min\(run_at\) < .+(?= then)": _ALWAYS,
}


class Condition(NamedTuple):
    """What can be taken out of a text: from where to where it stands, and what stands there instead."""

    start: int
    end: int
    instead: str
    """With `{}` for the condition itself, so that the server goes on knowing the types of its parameters."""


def conditions_of_statement(text: str) -> Iterator[Condition]:
    """Yield what `and` joins, to be true, what `or` joins, to be false, and locks, to be gone."""
    yield from _Tokens(text).conditions()
    yield from _found(_ELSEWHERE, text)


def conditions_of_migration(text: str) -> Iterator[Condition]:
    """Yield the checks of columns, and what a trigger judges by. Conditions of indexes only make them smaller."""
    yield from _found(_IN_MIGRATIONS, text)


def _found(patterns: Mapping[str, str], text: str) -> Iterator[Condition]:
    for pattern, instead in patterns.items():
        yield from (Condition(*found.span(), instead) for found in re.finditer(pattern, text))


class _Tokens:
    """A text of SQL, word by word, each with how many brackets are open around it."""

    def __init__(self, text: str) -> None:
        found = list(_TOKEN.finditer(text))
        self._spans = [token.span() for token in found]
        self._words = [token[0].lower() for token in found]
        self._depths: list[int] = []
        depth = 0
        for word in self._words:
            depth -= word in (")", "end")
            self._depths.append(depth)
            depth += word in ("(", "case")

    def conditions(self) -> Iterator[Condition]:
        for index, word in enumerate(self._words):
            joins = word != "on" or (self._words[index - 1] != "distinct" and self._words[index + 1] != "conflict")
            if word in _BEGIN and joins:
                yield from self._within(index + 1, self._end_of(index + 1))

    def _end_of(self, begin: int) -> int:
        depth = self._depths[begin]
        for index in range(begin, len(self._words)):
            if self._depths[index] < depth or (self._depths[index] == depth and _END.fullmatch(self._words[index])):
                return index
        return len(self._words)

    def _within(self, begin: int, end: int) -> Iterator[Condition]:
        alternatives = self._joined_by("or", begin, end)
        for alternative in alternatives:
            if len(alternatives) > 1:
                yield self._condition(*alternative, _NEVER)
            parts = self._joined_by("and", *alternative)
            for part in parts:
                if (len(parts) > 1 or len(alternatives) == 1) and not self._is_value(*part):
                    yield self._condition(*part, _ALWAYS)
                yield from self._within_brackets(*part)

    def _within_brackets(self, begin: int, end: int) -> Iterator[Condition]:
        begin += self._words[begin] == "not"
        depth = self._depths[begin]
        is_one = self._words[begin] == "(" and depth not in self._depths[begin + 1 : end - 1]
        if is_one and any(len(self._joined_by(word, begin + 1, end - 1)) > 1 for word in ("and", "or")):
            yield from self._within(begin + 1, end - 1)

    def _is_value(self, begin: int, end: int) -> bool:
        return end == begin + 1 and self._words[begin].startswith("'")  # of a column that `case` names

    def _joined_by(self, word: str, begin: int, end: int) -> list[tuple[int, int]]:
        depth = self._depths[begin]
        at = [i for i in range(begin, end) if self._words[i] == word and self._depths[i] == depth]
        return list(zip([begin, *(i + 1 for i in at)], [*at, end], strict=True))

    def _condition(self, begin: int, end: int, instead: str) -> Condition:
        return Condition(self._spans[begin][0], self._spans[end - 1][1], instead)
