"""Why something was refused: in a line, with the field, without the payload."""

from reprlib import Repr
from traceback import format_exception_only

from pydantic import PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError, ValidationError
from pydantic_core import PydanticSerializationError

_LONGEST = 400
_LONGEST_VALUE = 60
_MOST_MISMATCHES = 3


def reason_of(error: Exception) -> str:
    """Return the reason, in at most 400 characters."""
    return shortened(_reason_of(error))


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return the text, or as much of its beginning as allowed."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def refused_field_of(error: Exception) -> str | None:
    """Return the name of the field that was refused first, or None where the error is about no field."""
    return _mismatches(error)[0][0].partition(".")[0] or None if isinstance(error, ValidationError) else None


def shown(value: object) -> str:
    """Return the type of a value, and its beginning."""
    kind = type(value).__name__
    short = Repr()
    short.maxstring = short.maxother = _LONGEST_VALUE
    try:
        text = short.repr(value)
    except Exception:  # noqa: BLE001  # an int of too many digits, a __repr__ that fails
        return f"a value of type {kind}"
    return shortened(text if kind in text else f"{kind} {text}", 2 * _LONGEST_VALUE)


def _reason_of(error: Exception) -> str:
    match error:
        case ValidationError():
            return _mismatches_as_text(error)
        case PydanticUndefinedAnnotation():
            return (
                f"the name {error.name!r} in an annotation cannot be resolved; "
                "annotations in quotes see only what is defined in a module, not in a function"
            )
        case PydanticSchemaGenerationError():
            return f"a field has a type that JSON cannot hold: {error.message.partition('. ')[0]}"
        case PydanticUserError():
            return error.message
        case PydanticSerializationError():
            return str(error).removeprefix("Error serializing to JSON: ")
        case _:
            return "".join(format_exception_only(error)).strip()


def _mismatches_as_text(error: ValidationError) -> str:
    mismatches = [": ".join(filter(None, mismatch)) for mismatch in _mismatches(error)]
    more = len(mismatches) - _MOST_MISMATCHES
    return "; ".join(mismatches[:_MOST_MISMATCHES]) + (f"; and {more} more" if more > 0 else "")


def _mismatches(error: ValidationError) -> list[tuple[str, str]]:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return [(".".join(map(str, detail["loc"])), detail["msg"]) for detail in details]
