"""Proofs that a value comes back from JSON as it is. They look at types, and cost next to nothing."""

from collections.abc import Callable, Iterable, Mapping
from types import NoneType
from typing import Any

Types = frozenset[type[Any]]
Test = Callable[[Any], bool]
# Either the types of which every value is exact, or a test of the value.
Proof = Types | Test

_STRINGS: Types = frozenset({str})
_JSON_TYPES: Types = frozenset({NoneType, bool, int, float, str})
_SAFE_DEPTH = 50


def as_test(proof: Proof) -> Test:
    """Return the proof as a function."""
    if callable(proof):
        return proof
    return lambda value: type(value) in proof


def optional(proof: Proof) -> Proof:
    """Prove None, or what the proof proves."""
    if callable(proof):
        return lambda value: value is None or proof(value)
    return proof | {NoneType}


def items(container: type[Any], proof: Proof) -> Proof:
    """Prove a collection whose items have one type."""
    every = _every(proof)
    return lambda value: type(value) is container and every(value)


def entries(proof: Proof) -> Proof:
    """Prove a dict from strings to values of one type."""
    every = _every(proof)

    def is_exact(value: Any) -> bool:
        kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
        return kind is dict and _STRINGS.issuperset(map(type, value)) and every(value.values())

    return is_exact


def positions(proofs: list[Proof]) -> Proof:
    """Prove a tuple that has a type for each position."""
    tests = [as_test(proof) for proof in proofs]

    def is_exact(value: Any) -> bool:
        kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
        return (
            kind is tuple
            and len(value) == len(tests)
            and all(test(item) for test, item in zip(tests, value, strict=True))
        )

    return is_exact


def instance(of: type[Any], proofs: Mapping[str, Proof]) -> Proof:
    """Prove an instance of exactly this class, field by field."""
    tested = [(name, proof) for name, proof in proofs.items() if callable(proof)]
    typed = [(name, proof) for name, proof in proofs.items() if not callable(proof)]

    def is_exact(value: Any) -> bool:
        if type(value) is not of:
            return False
        for name, types in typed:  # plain loops: this runs for every job, and generators cost twice as much
            if type(getattr(value, name)) not in types:
                return False
        for name, test in tested:  # noqa: SIM110
            if not test(getattr(value, name)):
                return False
        return True

    return is_exact


def is_json(value: Any, depth: int = 0) -> bool:
    """Prove a value of undeclared type that consists of what JSON has, and is not nested too deeply."""
    kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind in _JSON_TYPES:
        return True
    if depth == _SAFE_DEPTH:
        return False
    if kind is list:
        return all(is_json(item, depth + 1) for item in value)
    if kind is dict and _STRINGS.issuperset(map(type, value)):
        return all(is_json(item, depth + 1) for item in value.values())
    return False


def _every(proof: Proof) -> Callable[[Iterable[Any]], bool]:
    if callable(proof):
        return lambda values: all(map(proof, values))
    return lambda values: proof.issuperset(map(type, values))
