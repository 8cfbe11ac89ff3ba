"""Payloads without what must not be seen."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.web.masking import Masking
from adapters.web.options import SECRETS

SECRET = "SESAME"
MASKING = Masking(["*password*", "iban"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=12,
)


def laid_out(payload: str, masking: Masking = MASKING) -> str:
    """Return the payload as it is shown."""
    return "".join(piece.text for piece in masking.lines(payload))


@settings(deadline=None)
@given(st.dictionaries(st.text(), VALUES))
def test_a_payload_is_laid_out_as_json_does(value: dict[str, Any]) -> None:
    """Character by character, where nothing is masked."""
    text = json.dumps(value)

    assert laid_out(text, Masking([])) == json.dumps(value, indent=2)
    assert json.loads("{" + Masking([]).line(text) + "}") == value


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(st.text(), VALUES),
    st.sampled_from(["password", "Password", "old_password_2", "IBAN"]),
    st.sampled_from([SECRET, [SECRET], {"a": SECRET, "b": [1, {"c": SECRET}]}, f'x"{SECRET}', f"\\{SECRET}"]),
    st.dictionaries(st.text(), VALUES),
)
def test_a_masked_value_is_not_shown_however_deep(
    before: dict[str, Any],
    name: str,
    secret: object,
    after: dict[str, Any],
) -> None:
    """Nor any part of it, nor of a payload that was cut somewhere. What follows is shown."""
    inner = {**before, name: secret, "then": after, "last": "VISIBLE"}
    text = json.dumps({"outer": [inner], "end": "SEEN"})

    assert SECRET not in laid_out(text)
    assert "VISIBLE" in laid_out(text)
    assert "SEEN" in laid_out(text)
    for end in range(0, len(text), max(len(text) // 25, 1)):
        assert SECRET not in MASKING.line(text[:end])
        assert SECRET not in laid_out(text[:end])


def test_a_name_that_is_written_with_escapes_is_known_all_the_same() -> None:
    """JSON can spell it in many ways."""
    assert SECRET not in laid_out('{"pass\\u0077ord": "SESAME"}')


@pytest.mark.parametrize("name", ["password", "api_token", "clientSecret", "Authorization", "aws_credentials"])
def test_what_sounds_secret_is_masked_by_default(name: str) -> None:
    """Without anybody thinking of it."""
    assert SECRET not in laid_out(json.dumps({name: SECRET}), Masking(SECRETS))


@pytest.mark.parametrize("text", ["", "{", "}", "]]]", '"', "\\", '{"a":}', "[1 2", "\u202e", "null"])
def test_what_is_no_payload_is_shown_without_complaint(text: str) -> None:
    """Somebody may have written it by hand."""
    laid_out(text)
    MASKING.line(text)
