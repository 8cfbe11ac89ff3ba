"""The caller's trace and baggage, as W3C headers in JSON."""

import json
import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any, cast
from urllib.parse import quote_plus

from opentelemetry.baggage import get_all
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context, attach, get_current
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Headers = dict[str, str]

_BAGGAGE = "baggage"
_TRACE_STATE = "tracestate"
# What W3C asks everybody to accept; readers leave out what is longer, so it need not be stored.
_LONGEST_TRACE_STATE = 512
_LONGEST_ENTRY = 4_096
_MOST_ENTRIES = 180
_LONGEST_BAGGAGE = 7_000

logger = logging.getLogger("arrower.telemetry")


class OpenTelemetryPropagation:
    """Carries W3C trace context and baggage, whichever propagators the process uses for other protocols.

    What is carried stays under 8 KB: baggage entries that do not fit are left out, the trace never is.
    """

    def __init__(self) -> None:
        self._trace = TraceContextTextMapPropagator()
        self._readers = (self._trace, W3CBaggagePropagator())
        self._to_json = json.JSONEncoder(separators=(",", ":")).encode
        self._last_read = ("", Context())

    def capture(self) -> str | None:
        """Return the calling context as JSON text, or None where there is no span and no baggage."""
        context = get_current()
        if not context:
            return None
        headers = self._trace_headers(context)
        baggage = ",".join(_fitting(_entries(context)))
        if baggage:
            headers[_BAGGAGE] = baggage
        return self._to_json(headers) if headers else None

    def restore(self, carrier: str | None) -> None:
        """Make the carried context the current one; nothing of the context before remains."""
        attach(Context() if carrier is None else self.read(carrier))

    def read(self, carrier: str) -> Context:
        """Return the carried context. A carrier that cannot be read is treated as none."""
        last, context = self._last_read
        if carrier != last:  # jobs that were enqueued together carry the same, and come together
            context = self._parsed(carrier)
            self._last_read = carrier, context
        return context

    def _parsed(self, carrier: str) -> Context:
        context = Context()
        headers = _headers_in(carrier)
        for reader in self._readers if headers else ():
            try:
                context = reader.extract(headers, context)
            except Exception:  # tracing never fails a job
                logger.debug("the carried context could not be restored", exc_info=True)
        return context

    def _trace_headers(self, context: Context) -> Headers:
        headers: Headers = {}
        try:
            self._trace.inject(headers, context)
        except Exception:  # nor an enqueue
            logger.debug("the trace could not be captured", exc_info=True)
        if len(headers.get(_TRACE_STATE, "")) > _LONGEST_TRACE_STATE:
            del headers[_TRACE_STATE]
        return headers


def _entries(context: Context) -> Iterator[str]:
    # Not the propagator's own way: it fails for all entries where one cannot be encoded, and warns each time.
    for name, value in islice(get_all(context).items(), _MOST_ENTRIES):
        try:
            yield f"{quote_plus(name)}={quote_plus(str(value))}"
        except Exception:  # surrogates, or a __str__ that fails
            logger.debug("the baggage entry %r could not be captured", name, exc_info=True)


def _fitting(entries: Iterator[str]) -> Iterator[str]:
    left = _LONGEST_BAGGAGE
    for entry in entries:
        if len(entry) < left and len(entry) <= _LONGEST_ENTRY:
            left -= len(entry) + 1
            yield entry


def _headers_in(carrier: str) -> Headers:
    try:
        carried: Any = json.loads(carrier)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(carried, dict):
        return {}
    headers = cast("dict[str, Any]", carried)
    return {name: value for name, value in headers.items() if isinstance(value, str)}
