"""Spans as a waterfall: one block for each trace, one row for each span."""

from collections.abc import Iterator, Sequence
from html import escape

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, StatusCode

_STYLE = """
body { margin: 0; background: #fff; font: 14px/1.45 system-ui, sans-serif; color: #1f2937 }
main { width: 1080px; padding: 20px }
h2 { font-size: 14px; margin: 18px 0 6px; font-weight: 600 } h2 code { font-weight: 400; color: #6b7280 }
.row { display: grid; grid-template-columns: 230px 1fr; align-items: center; border-top: 1px solid #e5e7eb }
.name { padding: 6px 0; white-space: nowrap } .kind { color: #6b7280; font-size: 11px; margin-left: 6px }
.line { position: relative; height: 30px } .bar { position: absolute; top: 8px; height: 14px; border-radius: 3px;
  background: #2563eb; min-width: 3px } .failed .bar { background: #dc2626 }
.took { position: absolute; top: 5px; font-size: 12px; color: #4b5563; white-space: nowrap }
.told { grid-column: 1 / 3; font: 12px/1.5 ui-monospace, monospace; color: #4b5563; padding: 0 0 8px 14px }
.failed .name { color: #b91c1c } .event { color: #b91c1c } .link { color: #6d28d9 }
"""

_TOLD = ("messaging.message.id", "messaging.arrower.type", "messaging.arrower.attempt", "messaging.arrower.outcome")


def page_of(spans: Sequence[ReadableSpan]) -> str:
    """Return an HTML page with all of the spans, on one axis of time."""
    began = min(span.start_time or 0 for span in spans)
    length = max(span.end_time or 0 for span in spans) - began
    names = {_place(span): span.name for span in spans}
    blocks = [_block(trace, spans, names, (began, length)) for trace in dict.fromkeys(_trace(span) for span in spans)]
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><main>{''.join(sorted(blocks))}</main>"


def _block(trace: int, spans: Sequence[ReadableSpan], names: dict[int, str], axis: tuple[int, int]) -> str:
    own = [span for span in spans if _trace(span) == trace]
    first = min(span.start_time or 0 for span in own)
    rows = "".join(_row(span, depth, names, axis) for span, depth in _nested(own))
    return f"<!--{first}--><h2>Trace <code>{trace:032x}</code></h2>{rows}"


def _nested(
    spans: Sequence[ReadableSpan], parent: int | None = None, depth: int = 0
) -> Iterator[tuple[ReadableSpan, int]]:
    known = {_place(span) for span in spans}
    for span in sorted(spans, key=lambda span: span.start_time or 0):
        above = span.parent.span_id if span.parent is not None and span.parent.span_id in known else None
        if above == parent:
            yield span, depth
            yield from _nested(spans, _place(span), depth + 1)


def _row(span: ReadableSpan, depth: int, names: dict[int, str], axis: tuple[int, int]) -> str:
    began, length = axis
    start, end = span.start_time or 0, span.end_time or 0
    left, width = 92 * (start - began) / length, 92 * (end - start) / length
    failed = "failed" if span.status.status_code is StatusCode.ERROR else ""
    name = f"{escape(span.name)}<span class=kind>{span.kind.name}</span>"
    return f"""<div class="row {failed}">
        <div class=name style="padding-left:{14 * depth}px">{name}</div>
        <div class=line><div class=bar style="left:{left:.2f}%;width:{width:.2f}%"></div>
        <div class=took style="left:calc({left + width:.2f}% + 8px)">{(end - start) / 1e6:.1f} ms</div></div>
        <div class=told>{"<br>".join(_lines(span, names))}</div></div>"""


def _lines(span: ReadableSpan, names: dict[int, str]) -> Iterator[str]:
    told = {name: (span.attributes or {})[name] for name in _TOLD if name in (span.attributes or {})}
    if told:
        yield escape("  ".join(f"{name}={value}" for name, value in told.items()))
    for event in span.events if span.name.startswith("process") else ():
        said = event.attributes or {}
        error = f"exception: {said['exception.type']!s}: {said['exception.message']!s}"
        yield f"<span class=event>{escape(error)}</span>"
    for link in span.links:
        name, here = names.get(link.context.span_id, "?"), link.context
        yield f"<span class=link>link to {escape(name)}, trace {here.trace_id:032x}"[:120] + "</span>"


def _trace(span: ReadableSpan) -> int:
    return _context(span).trace_id


def _place(span: ReadableSpan) -> int:
    return _context(span).span_id


def _context(span: ReadableSpan) -> SpanContext:
    context: SpanContext | None = span.context
    if context is None:
        msg = f"{span.name} has no context"
        raise ValueError(msg)
    return context
