"""Numbers, times and texts as people read them in a terminal."""

from datetime import UTC, datetime, timedelta

NOTHING = "-"
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_MINUTE = 60
_THOUSAND = 1_000


def number(value: int) -> str:
    """Return `12,345`, and `~12,345` for an estimate."""
    return f"{'' if getattr(value, 'exact', True) else '~'}{value:,}"


def many(value: int, noun: str) -> str:
    """Return `1 job`, `2 jobs`."""
    return f"{number(value)} {noun}{'' if value == 1 else 's'}"


def duration(value: timedelta | None) -> str:
    """Return the two largest units, `2h 5m`, or milliseconds or seconds; a dash for nothing."""
    if value is None:
        return NOTHING
    seconds = max(value.total_seconds(), 0.0)
    if seconds < 1:
        return f"{seconds * _THOUSAND:.0f}ms"
    if seconds < _MINUTE:
        return f"{seconds:.1f}s" if seconds < 10 else f"{seconds:.0f}s"  # noqa: PLR2004  # two digits tell enough
    parts, rest = list[str](), round(seconds)
    for unit, length in _UNITS:
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count}{unit}")
        elif parts:
            break
    return " ".join(parts[:2])


def moment(instant: datetime | None) -> str:
    """Return the instant in UTC, to the second."""
    return NOTHING if instant is None else f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


def from_now(instant: datetime, now: datetime) -> str:
    """Return `5m ago`, or `in 5m`."""
    distance = instant - now
    if abs(distance) < timedelta(seconds=1):
        return "now"
    largest = duration(abs(distance)).partition(" ")[0]
    return f"in {largest}" if distance > timedelta(0) else f"{largest} ago"


def rate(per_second: float) -> str:
    """Return `12.3/s`, or `42/min` where a second is too short for it."""
    if not per_second:
        return NOTHING
    return f"{per_second:,.1f}/s" if per_second >= 1 else f"{per_second * _MINUTE:.1f}/min"


def percent(share: float | None) -> str:
    """Return `4.2%` of 0.042, and a dash for nothing."""
    return NOTHING if share is None else f"{share * 100:.1f}%"


def queue_name(name: str) -> str:
    """Return what the queue is called; the one without a name is the default."""
    return plain(name) or "default"


def plain(text: str, allowed: str = "") -> str:
    """Return the text without what could steer a terminal: such characters are shown by their codes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in allowed else _code(char) for char in text)


def one_line(text: str) -> str:
    """Return the first line with something in it, and no more."""
    return plain(next((line.strip() for line in text.splitlines() if line.strip()), ""))


def head(text: str, width: int) -> str:
    """Return the text, or its begin and `…`."""
    return text if len(text) <= width else text[: width - 1] + "…"


def tail(text: str, width: int) -> str:
    """Return the text, or `…` and its end: of a qualified name that tells the most."""
    return text if len(text) <= width else "…" + text[len(text) - width + 1 :]


def _code(char: str) -> str:
    return repr(char)[1:-1]
