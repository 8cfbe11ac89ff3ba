"""A plugin for pytest that writes down which statements each test sends, and how long it takes."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import pytest

FOLDER = "ARROWER_STATEMENTS_SENT"
"""Where the plugin writes, and that it does."""


class Sent(NamedTuple):
    """What a test sends."""

    statements: frozenset[str]
    seconds: float
    is_green: bool


class _Recorder:
    def __init__(self) -> None:
        self._test = ""
        self._statements: defaultdict[str, set[str]] = defaultdict(set)
        self._reports: defaultdict[str, list[pytest.TestReport]] = defaultdict(list)

    def sent(self, query: Any) -> None:
        self._statements[self._test].add(" ".join(query.query.split()))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._test = item.nodeid
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports[report.nodeid].append(report)

    def pytest_sessionfinish(self) -> None:
        told = {
            test: (sorted(statements), sum(r.duration for r in reports), not any(r.failed for r in reports))
            for test, statements in self._statements.items()
            if (reports := self._reports[test])
        }
        (Path(os.environ[FOLDER]) / f"{os.getpid()}.json").write_text(json.dumps(told))


def pytest_configure(config: pytest.Config) -> None:
    """Listen to all connections."""
    recorder = _Recorder()
    config.pluginmanager.register(recorder)
    connect: Callable[..., None] = asyncpg.Connection.__init__

    def connect_and_listen(connection: asyncpg.Connection, *args: Any, **options: Any) -> None:
        connect(connection, *args, **options)
        connection.add_query_logger(recorder.sent)

    pytest.MonkeyPatch().setattr(asyncpg.Connection, "__init__", connect_and_listen)


def read_sent(folder: Path) -> dict[str, Sent]:
    """Return what was written, by test."""
    told: dict[str, Sent] = {}
    for file in folder.glob("*.json"):
        for test, (statements, seconds, is_green) in json.loads(file.read_text()).items():
            told[test] = Sent(frozenset(statements), seconds, is_green)
    return told
