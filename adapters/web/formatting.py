"""Numbers, times and sizes as people read them."""

from datetime import UTC, datetime, timedelta

_NOTHING = "\u2013"
_THIN = "\u2009"  # between a number and its unit
_STEPS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB")
_THOUSAND = 1_000
_TENFOLD = 10
_HUNDREDFOLD = 100
_HARDLY_ANY = 0.0005
_HARDLY_ALL = 0.99
_A_MINUTE = 60
_JUST_NOW = timedelta(seconds=1)


def number(value: int) -> str:
    """Return `12,345`, and `≈ 12,345` for an estimate."""
    return f"{value:,}" if getattr(value, "exact", True) else f"≈{_THIN}{value:,}"


def rate(per_second: float) -> str:
    """Return `12.3/s`, or `42/min` where a second is too short for it."""
    if per_second >= 1:
        return f"{_figures(per_second)}/s"
    per_minute = per_second * _A_MINUTE
    if 0 < per_minute < 1:
        return f"{_figures(per_minute * _A_MINUTE)}/h"
    return f"{_figures(per_minute)}/min"


def percent(share: float | None) -> str:
    """Return `4.2 %` of 0.042, and a dash for None. Some are never rounded to none, nor most to all."""
    if share is None:
        return _NOTHING
    if 0 < share < _HARDLY_ANY:
        return f"<{_THIN}0.1{_THIN}%"
    shown = share * _HUNDREDFOLD
    if _HARDLY_ALL < share < 1:
        return f"{min(shown, 99.9):.1f}{_THIN}%"
    digits = 1 if 0 < shown < _TENFOLD else 0
    return f"{shown:.{digits}f}{_THIN}%"


def duration(value: timedelta | None) -> str:
    """Return the two largest units, `2 h 5 min`, or three digits of milliseconds or seconds; a dash for nothing."""
    if value is None:
        return _NOTHING
    seconds = max(value.total_seconds(), 0.0)
    if seconds < 1:
        return f"{_figures(seconds * _THOUSAND)}{_THIN}ms"
    if seconds < _A_MINUTE:
        return f"{_figures(seconds)}{_THIN}s"
    return _two_units(round(seconds))


def from_now(instant: datetime, now: datetime) -> str:
    """Return `5 min ago`, or `in 5 min`."""
    if abs(instant - now) < _JUST_NOW:
        return "now"
    return f"{coarse(now - instant)} ago" if instant < now else f"in {coarse(instant - now)}"


def coarse(value: timedelta) -> str:
    """Return the largest unit alone where that tells enough: `5 min`, but `1 h 40 min`."""
    seconds = round(value.total_seconds())
    for index, (unit, length) in enumerate(_STEPS):
        if seconds >= length:
            return (
                _two_units(seconds)
                if seconds < 3 * length and index < len(_STEPS) - 1
                else f"{seconds // length}{_THIN}{unit}"
            )
    return f"0{_THIN}s"


def moment(instant: datetime) -> str:
    """Return the instant in full, in UTC."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC"


def clock(instant: datetime) -> str:
    """Return the time of day."""
    return f"{instant.astimezone(UTC):%H:%M:%S}"


def size(value: int) -> str:
    """Return `4.2 MB`, by thousands."""
    amount, unit = float(value), 0
    while amount >= _THOUSAND and unit < len(_SIZES) - 1:
        amount, unit = amount / _THOUSAND, unit + 1
    return f"{_figures(amount)}{_THIN}{_SIZES[unit]}"


def queue_name(name: str) -> str:
    """Return what the queue is called; the one without a name is the default."""
    return name or "default"


def sentence(text: str) -> str:
    """Return it with a capital at its begin and a stop at its end."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def _figures(value: float) -> str:
    if value >= _HUNDREDFOLD or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= _TENFOLD else f"{value:.2f}".rstrip("0").rstrip(".")


def _two_units(seconds: int) -> str:
    parts: list[str] = []
    for unit, length in _STEPS:
        count, seconds = divmod(seconds, length)
        if count or parts:
            parts.append(f"{count}{_THIN}{unit}" if count else "")
        if len(parts) == 2:  # noqa: PLR2004  # the two largest
            break
    return " ".join(part for part in parts if part)
