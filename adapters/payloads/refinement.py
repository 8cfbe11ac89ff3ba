"""What pydantic's schemas lack for every value to come back: the zone, the kind of number, the class."""

from collections.abc import Iterable
from datetime import datetime, time, timezone
from typing import Any, TypeVar, cast

from pydantic_core import core_schema

from adapters.payloads.tagging import tagged

Schema = dict[str, Any]
Moment = TypeVar("Moment", datetime, time)

# What is no schema, or, for the keys of a dict, what JSON writes differently from a value.
_LEFT_ALONE = frozenset({"config", "default", "expected", "keys_schema", "members", "metadata"})


def refined(schema: Schema) -> Any:
    """Return a copy of the schema with those parts replaced."""
    definitions = {definition["ref"]: definition for definition in schema.get("definitions", ())}
    return _refined(schema, definitions)


def _refined(part: Any, definitions: dict[str, Schema]) -> Any:
    if isinstance(part, list):
        return [_refined(item, definitions) for item in cast("Iterable[Any]", part)]
    if isinstance(part, tuple):
        return tuple(_refined(item, definitions) for item in cast("Iterable[Any]", part))
    if not isinstance(part, dict):
        return part
    parts = cast("Schema", part).items()
    schema = {key: value if key in _LEFT_ALONE else _refined(value, definitions) for key, value in parts}
    return _replaced(schema, definitions)


def _replaced(schema: Schema, definitions: dict[str, Schema]) -> Any:
    match schema:
        case {"type": "datetime" | "time"}:
            ref = schema.pop("ref", None)
            return core_schema.no_info_after_validator_function(_in_standard_zone, cast("Any", schema), ref=ref)
        case {"type": "float"} if len(schema) == 1:
            # Python lets an int stand for a float; JSON tells the two apart, so both can come back.
            return core_schema.union_schema([core_schema.float_schema(), core_schema.int_schema()])
        case {"type": "union"}:
            return tagged(schema, definitions)
        case _:
            return schema


def _in_standard_zone(moment: Moment) -> Moment:
    # pydantic has a class of time zones of its own, and a job must not know that pydantic read it.
    offset = moment.utcoffset()
    return moment if offset is None else moment.replace(tzinfo=timezone(offset))
