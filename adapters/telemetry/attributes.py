"""The names of attributes: those of the messaging conventions, version 1.44.0, and our own beside them.

https://opentelemetry.io/docs/specs/semconv/messaging/
"""

from typing import Final

from application.jobs.options import shown_name

SCHEMA_URL: Final = "https://opentelemetry.io/schemas/1.44.0"

SYSTEM: Final = "messaging.system"
OPERATION_NAME: Final = "messaging.operation.name"
OPERATION_TYPE: Final = "messaging.operation.type"
DESTINATION: Final = "messaging.destination.name"
CLIENT: Final = "messaging.client.id"
MESSAGE_ID: Final = "messaging.message.id"
BATCH_COUNT: Final = "messaging.batch.message_count"
ERROR_TYPE: Final = "error.type"

JOB_TYPE: Final = "messaging.arrower.type"
ATTEMPT: Final = "messaging.arrower.attempt"
PRIORITY: Final = "messaging.arrower.priority"
OUTCOME: Final = "messaging.arrower.outcome"
STATE: Final = "messaging.arrower.state"

ARROWER: Final = "arrower"

SEND: Final = "send"
CLAIM: Final = "claim"
PROCESS: Final = "process"
COMPLETE: Final = "complete"

Attributes = tuple[tuple[str, str], ...]
"""Those of a series, in a form that can be a key."""


def operation(name: str, type_: str, queue: str) -> dict[str, str]:
    """Return what an operation on a queue is told by."""
    return {
        SYSTEM: ARROWER,
        OPERATION_NAME: name,
        OPERATION_TYPE: type_,
        DESTINATION: shown_name(queue),
    }


def error_type_of(error: BaseException) -> str:
    """Return the qualified name of the class of an error."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
