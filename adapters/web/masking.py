"""Payloads for people: laid out, coloured, and without what must not be seen."""

import json
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from fnmatch import translate
from typing import NamedTuple

_TOKEN = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*"?)|(?P<mark>[{}\[\]:,])|(?P<literal>[^\s{}\[\]:,"]+)', re.DOTALL)
_OPENING, _CLOSING = ("{", "["), ("}", "]")
_INDENT = "  "


class Tone(StrEnum):
    """What a piece of a payload is."""

    NAME = "name"
    TEXT = "text"
    LITERAL = "literal"
    MARK = "mark"
    MASKED = "masked"
    SPACE = "space"


class Piece(NamedTuple):
    """A piece of a payload."""

    tone: Tone
    text: str


_MASKED = Piece(Tone.MASKED, "masked")


class Masking:
    """Shows payloads without the values of fields whose names match.

    Works on the text and not on what it means: nothing is lost, and a payload that was cut off somewhere can be
    shown, too.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        """Mask fields by patterns of `fnmatch`, whatever the case."""
        self._patterns = [re.compile(translate(pattern.lower())) for pattern in patterns]

    def line(self, payload: str) -> str:
        """Return the payload on one line, without the outermost braces."""
        spaced = (f"{piece.text} " if piece.text in (":", ",") else piece.text for piece in self._pieces(payload))
        return "".join(spaced).removeprefix("{").removesuffix("}")

    def lines(self, payload: str) -> Iterator[Piece]:
        """Return the payload with each field on a line of its own."""
        depth, before = 0, ""
        for piece in self._pieces(payload):
            text = piece.text if piece.tone is Tone.MARK else ""
            depth -= text in _CLOSING
            is_empty = text in _CLOSING and before in _OPENING
            if (before in (*_OPENING, ",") or text in _CLOSING) and not is_empty:
                yield Piece(Tone.SPACE, "\n" + _INDENT * depth)
            yield piece
            if text == ":":
                yield Piece(Tone.SPACE, " ")
            depth += text in _OPENING
            before = text or "value"

    def _pieces(self, payload: str) -> Iterator[Piece]:
        open_marks: list[str] = []
        hidden_from: int | None = None
        before = name = ""
        for tone, text in _tokens(payload):
            if tone is Tone.MARK and text in _CLOSING and open_marks:
                open_marks.pop()
            is_name = tone is Tone.TEXT and open_marks[-1:] == ["{"] and before in ("{", ",")
            if hidden_from is None and before == ":" and self._hides(name):
                yield _MASKED
                hidden_from = len(open_marks)
            elif hidden_from is None:
                yield Piece(Tone.NAME if is_name else tone, text)
            if tone is Tone.MARK and text in _OPENING:
                open_marks.append(text)
            elif hidden_from is not None and len(open_marks) <= hidden_from:
                hidden_from = None
            before = text if tone is Tone.MARK else ""
            name = text if is_name else name

    def _hides(self, name: str) -> bool:
        return any(pattern.match(_read(name).lower()) for pattern in self._patterns)


def _tokens(payload: str) -> Iterator[tuple[Tone, str]]:
    for match in _TOKEN.finditer(payload):
        yield Tone(str(match.lastgroup)), match[0]


def _read(name: str) -> str:
    try:
        return str(json.loads(name, strict=False))
    except ValueError:
        return name.strip('"')
