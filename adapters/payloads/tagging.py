"""Unions of dataclasses: an object carries the name of its class, or nobody could tell which it was."""

from collections.abc import Callable
from typing import Any, cast

from pydantic_core import core_schema

from domain.jobs import former_job_types_of, job_type_of

Schema = dict[str, Any]

_KEY = "$type"
_NO_NAME = ""


def tagged(union: Schema, definitions: dict[str, Schema]) -> Any:
    """Return a schema of the union that writes and reads names, or the union itself where it needs none.

    The names are those of jobs: `job_type` and `former_job_types` work here too. An object without a
    name, as SQL or an older version may have written it, is read as the class that fits best.
    """
    members = _members(union, definitions)
    if len(members) < 2:  # noqa: PLR2004  # one class is told apart from what is no dataclass
        return union
    ref = union.pop("ref", None)
    choices: dict[str, Any] = {_NO_NAME: union}
    for job_class, choice in members.items():
        choices |= dict.fromkeys([job_type_of(job_class), *former_job_types_of(job_class)], choice)
    names = {job_class: job_type_of(job_class) for job_class in members}
    serialization = core_schema.wrap_serializer_function_ser_schema(_naming(names), schema=cast("Any", union))
    return core_schema.tagged_union_schema(
        choices,
        _name_in,
        custom_error_type="unknown_name",
        custom_error_message=f"{_KEY} is none of {', '.join(filter(None, choices))}",
        ref=ref,
        serialization=serialization,
    )


def _members(union: Schema, definitions: dict[str, Schema]) -> dict[type, Schema]:
    members: dict[type, Schema] = {}
    for choice in union["choices"]:
        schema = cast("Schema", choice[0] if isinstance(choice, tuple) else choice)
        target = definitions.get(schema.get("schema_ref", ""), schema)
        if target["type"] == "dataclass":
            members[target["cls"]] = schema
    return members


def _naming(names: dict[type, str]) -> Callable[[Any, Callable[[Any], Any]], Any]:
    def write(value: Any, write_plainly: Callable[[Any], Any]) -> Any:
        written = write_plainly(value)
        name = names.get(type(value))  # pyright: ignore[reportUnknownArgumentType]
        return written if name is None else {_KEY: name, **written}

    return write


def _name_in(stored: Any) -> Any:
    return cast("Schema", stored).get(_KEY, _NO_NAME) if isinstance(stored, dict) else _NO_NAME
