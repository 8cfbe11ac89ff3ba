"""One job class to JSON and back."""

from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any

from pydantic_core import SchemaSerializer, SchemaValidator

from adapters.payloads.blame import field_to_blame, has_nul
from adapters.payloads.exactness import exactness_test
from adapters.payloads.reasons import reason_of, refused_field_of, shortened, shown
from adapters.payloads.refinement import refined
from adapters.payloads.sameness import difference
from adapters.payloads.schema import CORE_CONFIG, core_schema_of
from domain.jobs import PayloadTooLarge, UnrepresentablePayload, job_type_of

_MOST_DIGITS = 4_300


class Codec:
    """Encodes what comes back equal, and decodes instances of exactly its class."""

    decode: Callable[[str], Any]
    """Return an instance of the class, or raise a ValidationError, or whatever __post_init__ raises."""

    def __init__(self, job_class: type, max_bytes: int) -> None:
        if not is_dataclass(job_class):
            msg = f"{job_class!r} is not a dataclass"
            raise TypeError(msg)
        plain = core_schema_of(job_class)
        schema = refined(plain)
        self._job_class = job_class
        self._max_bytes = max_bytes
        self._comes_back = exactness_test(plain)
        self._to_json = SchemaSerializer(schema, CORE_CONFIG).to_json
        self.decode = SchemaValidator(schema, CORE_CONFIG).validate_json

    def encode(self, job: object) -> str:
        """Return the fields as a JSON object, or raise an error that names the field."""
        try:
            encoded = self._to_json(job, warnings=False)
        except Exception as error:
            raise self._refusal(self._blamed(job, reason_of(error))) from error
        if len(encoded) > self._max_bytes:
            raise PayloadTooLarge(job_type_of(self._job_class), len(encoded), self._max_bytes)
        text = encoded.decode()
        # What pydantic writes for NUL, for numbers that are none, and for surrogates in the keys of a dict;
        # and an int may have more digits than can be read. All of it here, because it is asked for each job.
        if (
            not self._comes_back(job)
            or "\\u0000" in text
            or "NaN" in text
            or "Infinity" in text
            or "\N{REPLACEMENT CHARACTER}" in text
            or len(text) > _MOST_DIGITS
        ):
            self._check(job, text)
        return text

    def _check(self, job: object, text: str) -> None:
        if has_nul(text):
            raise self._refusal(self._blamed(job, "NUL characters cannot be stored"))
        try:
            found = difference(job, self.decode(text))
        except Exception as error:  # noqa: BLE001  # __post_init__ and __eq__ may raise anything
            raise self._refusal(self._not_read(job, error)) from None
        if found is not None:
            raise self._refusal(str(found))

    def _not_read(self, job: object, error: Exception) -> str:
        field = refused_field_of(error)
        if field is None or not hasattr(job, field):
            return self._blamed(job, reason_of(error))
        return f"{reason_of(error)} (it is {shown(getattr(job, field))})"

    def _blamed(self, job: object, reason: str) -> str:
        field = field_to_blame(self._job_class, job, self._to_json)
        return f"{field}: {reason}" if field else reason

    def _refusal(self, reason: str) -> UnrepresentablePayload:
        return UnrepresentablePayload(job_type_of(self._job_class), shortened(reason))
