"""How pydantic looks at a job class, without touching it."""

from typing import Any, NewType

from pydantic import ConfigDict, TypeAdapter
from pydantic_core import CoreConfig

_CONFIG = ConfigDict(
    strict=True,
    extra="ignore",
    allow_inf_nan=False,
    validate_by_name=True,
    ser_json_bytes="base64",
    val_json_bytes="base64",
    ser_json_inf_nan="strings",
)
CORE_CONFIG = CoreConfig(
    strict=True,
    extra_fields_behavior="ignore",
    allow_inf_nan=False,
    validate_by_name=True,
    ser_json_bytes="base64",
    val_json_bytes="base64",
    ser_json_inf_nan="strings",
)


def core_schema_of(job_class: type) -> dict[str, Any]:
    """Return the schema pydantic derives from the annotations of a dataclass and all it contains.

    pydantic takes no configuration for a dataclass, because the class might have one. For a new type
    it does, and hands it down to every dataclass that has none: so nothing is written on the classes.
    """
    new_type: Any = NewType
    adapter: TypeAdapter[Any] = TypeAdapter(new_type("Job", job_class), config=_CONFIG)
    adapter.rebuild()  # raises where a name in an annotation could not be resolved
    return dict(adapter.core_schema)
