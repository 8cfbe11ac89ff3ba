"""Which values surely come back as they are, so that nobody needs to read them back to see."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Flag
from inspect import getattr_static
from types import MemberDescriptorType, NoneType
from typing import Any
from uuid import UUID

from adapters.payloads.proofs import Proof, Test, as_test, entries, instance, is_json, items, optional, positions
from adapters.payloads.schema import CORE_CONFIG

Schema = Mapping[str, Any]
Definitions = Mapping[str, Schema]
Rule = Callable[[Schema, Definitions], Proof | None]


def exactness_test(schema: Schema) -> Test:
    """Return a cheap test that says yes only to values that certainly come back equal.

    It says no to all it does not know about a schema: that costs time, and loses nothing.
    """
    definitions = {definition["ref"]: definition for definition in schema.get("definitions", ())}
    proof = _proof(schema["schema"] if definitions else schema, definitions)
    return (lambda _: False) if proof is None else as_test(proof)


def _proof(schema: Schema, definitions: Definitions) -> Proof | None:
    rule, known = _RULES.get(schema["type"], (None, set[str]()))
    # What else is said may be a constraint, an alias, a function that converts.
    return rule(schema, definitions) if rule and schema.keys() <= known | {"type"} else None


def _always(proof: Proof) -> Rule:
    return lambda _schema, _definitions: proof


def _reference(schema: Schema, definitions: Definitions) -> Proof | None:
    ref = schema["schema_ref"]
    # Not to be met again further down: what contains itself may be nested too deeply to be read.
    others = {key: definition for key, definition in definitions.items() if key != ref}
    return _proof(definitions[ref], others) if ref in definitions else None


def _default(schema: Schema, definitions: Definitions) -> Proof | None:
    return _proof(schema["schema"], definitions)


def _nullable(schema: Schema, definitions: Definitions) -> Proof | None:
    proof = _proof(schema["schema"], definitions)
    return None if proof is None else optional(proof)


def _items(container: type) -> Rule:
    def rule(schema: Schema, definitions: Definitions) -> Proof | None:
        proof = _proof(schema["items_schema"], definitions)
        return None if proof is None else items(container, proof)

    return rule


def _tuple(schema: Schema, definitions: Definitions) -> Proof | None:
    proofs = [_proof(position, definitions) for position in schema["items_schema"]]
    exact = [proof for proof in proofs if proof is not None]
    if len(exact) < len(proofs):
        return None
    if "variadic_item_index" not in schema:
        return positions(exact)
    return items(tuple, exact[0]) if len(exact) == 1 else None


def _dict(schema: Schema, definitions: Definitions) -> Proof | None:
    values = _proof(schema["values_schema"], definitions)
    return entries(values) if schema["keys_schema"] == {"type": "str"} and values is not None else None


def _literal(schema: Schema, _definitions: Definitions) -> Proof | None:
    expected = frozenset(schema["expected"])
    if {type(value) for value in expected} != {str}:
        return None
    return lambda value: type(value) is str and value in expected


def _enum(schema: Schema, _definitions: Definitions) -> Proof | None:
    types: set[type[Any]] = {type(member.value) for member in schema["members"]}
    exact = types in ({str}, {int}) and not issubclass(schema["cls"], Flag)
    return frozenset({schema["cls"]}) if exact else None


def _dataclass(schema: Schema, definitions: Definitions) -> Proof | None:
    arguments, of = schema["schema"], schema["cls"]
    if arguments["type"] != "dataclass-args":
        return None  # a function is around it
    proofs = {field["name"]: _field(of, field, definitions) for field in arguments["fields"]}
    exact = {name: proof for name, proof in proofs.items() if proof is not None}
    plain = (
        not schema["post_init"]  # it may change values, or refuse them
        and not arguments["computed_fields"]
        and {**schema["config"], "title": None} == {**CORE_CONFIG, "title": None}
        and list(proofs) == list(exact) == [field.name for field in fields(of)]
    )
    return instance(of, exact) if plain else None


def _field(of: type, field: Schema, definitions: Definitions) -> Proof | None:
    in_class: object = getattr_static(of, field["name"], None)
    is_computed = hasattr(type(in_class), "__get__") and not isinstance(in_class, MemberDescriptorType)
    if is_computed or not field["init"] or not field.keys() <= _FIELD:
        return None
    return _proof(field["schema"], definitions)


def _is_standard_datetime(value: Any) -> bool:
    return type(value) is datetime and (value.tzinfo is UTC or value.tzinfo is None)


def _is_naive_time(value: Any) -> bool:
    return type(value) is time and value.tzinfo is None


_FIELD = {"type", "name", "schema", "kw_only", "init", "metadata"}
_PRECISION = {"microseconds_precision"}
# By kind of schema: the rule, and what else the schema may say without making it wrong. Numbers that are
# none (NaN) and characters that cannot be stored are not looked for here: they show in the text.
_RULES: Mapping[str, tuple[Rule, set[str]]] = {
    "any": (_always(is_json), set()),
    "none": (_always(frozenset({NoneType})), set()),
    "bool": (_always(frozenset({bool})), set()),
    "int": (_always(frozenset({int})), set()),
    "float": (_always(frozenset({float, int})), set()),
    "decimal": (_always(frozenset({Decimal})), set()),
    "str": (_always(frozenset({str})), set()),
    "bytes": (_always(frozenset({bytes})), set()),
    "uuid": (_always(frozenset({UUID})), set()),
    "date": (_always(frozenset({date})), set()),
    "timedelta": (_always(frozenset({timedelta})), _PRECISION),
    "datetime": (_always(_is_standard_datetime), _PRECISION),
    "time": (_always(_is_naive_time), _PRECISION),
    "enum": (_enum, {"cls", "members", "sub_type", "ref", "metadata"}),
    "literal": (_literal, {"expected"}),
    "default": (_default, {"schema", "default", "default_factory", "default_factory_takes_data"}),
    "nullable": (_nullable, {"schema"}),
    "list": (_items(list), {"items_schema"}),
    "set": (_items(set), {"items_schema"}),
    "frozenset": (_items(frozenset), {"items_schema"}),
    "tuple": (_tuple, {"items_schema", "variadic_item_index"}),
    "dict": (_dict, {"keys_schema", "values_schema"}),
    "definition-ref": (_reference, {"schema_ref"}),
    "dataclass": (_dataclass, {"cls", "fields", "schema", "config", "slots", "frozen", "post_init", "ref"}),
}
