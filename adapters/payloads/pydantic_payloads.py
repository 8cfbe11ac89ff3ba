"""Jobs as JSON text, by means of pydantic."""

from typing import TypeVar

from pydantic import ValidationError

from adapters.payloads.codec import Codec
from adapters.payloads.reasons import reason_of
from application.jobs.payloads import Payloads
from domain.jobs import UnreadablePayload, UnrepresentablePayload, job_type_of

JobT = TypeVar("JobT")

_MOST_CODECS = 1_024


class PydanticPayloads(Payloads):
    """Writes the fields of a dataclass as a JSON object that people can read, and reads them back.

    What is written: the fields by name and in order; UUIDs, dates, times and durations in ISO form,
    decimals as strings that keep their exponent, bytes as URL-safe base64, enums by value. Where a field may
    hold one of several dataclasses, the object carries the job type of its class as `$type`.

    What is read: exactly the declared types; nothing is converted, "1" is not an int. Keys that the
    class does not have are ignored and missing fields take their default, so that workers of two
    versions can run side by side during a deployment. `__post_init__` runs, `__init__` does not.
    Who writes payloads from SQL gives decimals as strings: more than 15 digits of a number are rounded.

    A class is inspected when its first job comes by. Threads may share an instance.
    """

    def __init__(self, max_bytes: int = 1_048_576) -> None:
        """Accept payloads of up to `max_bytes` bytes of UTF-8."""
        self._max_bytes = max_bytes
        self._codecs: dict[type, Codec] = {}

    def encode(self, job: object) -> str:
        """Return the fields of a dataclass instance as a JSON object.

        Raises `UnrepresentablePayload`, naming the field, for what would not come back equal and of
        the same types, and `PayloadTooLarge`.
        """
        codec = self._codecs.get(type(job))
        if codec is None:
            try:
                codec = self._new_codec(type(job))
            except Exception as error:
                raise UnrepresentablePayload(job_type_of(type(job)), reason_of(error)) from error
        return codec.encode(job)

    def decode(self, payload: str, job_class: type[JobT]) -> JobT:
        """Return an instance of `job_class`: of this very class, no subclass.

        Raises `UnreadablePayload`, naming the field, where the text is not JSON, does not fit the
        class, or is refused by its `__post_init__`.
        """
        try:
            decoded: JobT = (self._codecs.get(job_class) or self._new_codec(job_class)).decode(payload)
        except Exception as error:  # noqa: BLE001  # __post_init__ may raise anything
            # The text of a ValidationError repeats the payload and has no bound, so it is not chained.
            cause = None if isinstance(error, ValidationError) else error
            raise UnreadablePayload(job_type_of(job_class), reason_of(error)) from cause
        return decoded

    def _new_codec(self, job_class: type) -> Codec:
        codec = Codec(job_class, self._max_bytes)
        if len(self._codecs) >= _MOST_CODECS:
            self._codecs.clear()  # classes made on the fly must not pile up
        self._codecs[job_class] = codec
        return codec
