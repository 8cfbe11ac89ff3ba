"""Errors of job funcs, as text that any database can hold."""

import traceback

from application.jobs.job_store import ErrorReport

_LONGEST_MESSAGE = 1_000
_LONGEST_TRACEBACK = 16_000


def report(error: BaseException) -> ErrorReport:
    """Describe an error in bounded size, without characters that storage refuses."""
    lines = traceback.format_exception(error)
    message = "".join(traceback.format_exception_only(error)).strip()
    return ErrorReport(
        message=_clean(message, _LONGEST_MESSAGE),
        traceback=_clean("".join(lines), _LONGEST_TRACEBACK),
    )


def short_report(error: BaseException) -> ErrorReport:
    """Name no more than the class of the error, in characters of any encoding."""
    name = ascii(f"{type(error).__module__}.{type(error).__qualname__}").strip("'")
    return ErrorReport(message=f"{name}: what it says cannot be stored, see the log of the worker", traceback="")


def _clean(text: str, longest: int) -> str:
    if len(text) > longest:
        # The end of a traceback names the place, its beginning the way there: keep both.
        half = longest // 2
        text = f"{text[:half]}\n… {len(text) - longest} characters left out …\n{text[-half:]}"
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode("utf-8")
