"""The demo, with a few orders: it ends by itself, and nothing is lost or doubled."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import psutil
import pytest
from rich.console import Console

from domain.jobs import JobState
from infrastructure.demo.__main__ import main
from infrastructure.demo.in_memory import MemoryDemo
from infrastructure.demo.on_postgres import PostgresDemo
from infrastructure.demo.order_file import ROOT, OrderFile
from infrastructure.demo.report import EffectCount

PATIENCE = 60.0


async def test_in_memory() -> None:
    """Every order is paid or cancelled, and every job is done or dead."""
    report = await MemoryDemo(OrderFile(limit=60), timedelta(seconds=1), Console(file=StringIO())).run()

    assert report.all_well
    assert sum(report.orders.values()) == 60
    assert report.orders.keys() <= {
        "paid",
        "cancelled: not paid in time",
        "cancelled: the card could not be verified",
    }
    assert sum(report.jobs.values()) == report.jobs[JobState.COMPLETED] + report.jobs[JobState.DEAD]
    assert report.jobs[JobState.COMPLETED] > 3 * 60
    assert report.rescued_jobs == 0


async def test_on_postgres_a_worker_is_killed_at_work(database_dsn: str) -> None:
    """Its jobs are done by the other one."""
    file = OrderFile(limit=150)
    report, casualty = await PostgresDemo(database_dsn, file, timedelta(seconds=3), Console(file=StringIO())).run()

    assert report.all_well
    assert EffectCount("receipts sent", report.orders["paid"], report.orders["paid"], 0, 0) in report.effects
    assert EffectCount("orders paid or cancelled", 150, 150, 0, 0) in report.effects
    assert sum(report.jobs.values()) == report.jobs[JobState.COMPLETED] + report.jobs[JobState.DEAD]
    assert report.retries > 0
    assert 0 < report.rescued_jobs <= casualty.jobs_in_hand
    assert not psutil.pid_exists(casualty.pid)


def test_the_command_says_what_it_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """In words for a stranger, and it ends with 0."""
    assert main(["--adapter", "memory", "--orders", "20", "--pay-within", "0.5"]) == 0

    said = capsys.readouterr().out
    assert "20 orders from docs/demo/orders.csv" in said
    assert "0 effects lost, 0 doubled" in said


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_the_command_cleans_up_when_it_is_stopped(asked: signal.Signals) -> None:
    """No worker and no server are left, and the exit code says that it was interrupted."""
    with _demo() as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if line.startswith("Two worker processes"):
                break
        family = psutil.Process(demo.pid).children(recursive=True)
        os.kill(demo.pid, asked)
        rest = demo.communicate(timeout=PATIENCE)[0]

    assert demo.returncode == 128 + signal.SIGINT, rest
    assert "Stopped" in rest
    assert "Traceback" not in rest
    assert len(family) > 2
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []


@contextmanager
def _demo() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "infrastructure.demo", "--orders", "500"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as demo:
        try:
            yield demo
        finally:
            demo.kill()
