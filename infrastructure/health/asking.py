"""Asking a worker process how it does."""

import http.client
import json
import sys
import urllib.error
import urllib.request
from typing import NamedTuple

NO_PORT = "set ARROWER_HEALTH_PORT, for the worker, too, or give --port"
_PATIENCE = 5.0


class Answer(NamedTuple):
    """What it said."""

    ok: bool
    lines: list[str]
    """For people: one for each check, or why there was no answer."""


def ask(question: str, host: str, port: int) -> Answer:
    """Ask `livez` or `readyz`. Raises nothing: no answer is a bad one."""
    request = urllib.request.Request(f"http://{_literal(host)}:{port}/{question}")
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310  # as above
            return _read(response.read())
    except urllib.error.HTTPError as error:
        return _read(error.read())
    except (OSError, http.client.HTTPException) as error:
        return Answer(ok=False, lines=[f"no answer from {host}:{port}: {getattr(error, 'reason', error)}"])


def answered(question: str, host: str, port: int) -> bool:
    """Ask, print what is said, to standard error where it is bad, and tell whether it is good."""
    answer = ask(question, host, port)
    print("\n".join(answer.lines), file=sys.stdout if answer.ok else sys.stderr)
    return answer.ok


def _literal(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _read(body: bytes) -> Answer:
    try:
        said = json.loads(body)
        lines = [f"{'ok  ' if check['ok'] else 'FAIL'} {check['name']}: {check['detail']}" for check in said["checks"]]
        return Answer(bool(said["ok"]), lines)
    except (ValueError, KeyError, TypeError):
        return Answer(ok=False, lines=[f"this is no worker: {body[:100]!r}"])
