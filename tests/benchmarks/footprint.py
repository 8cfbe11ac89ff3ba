"""What a run cost: CPU, memory, WAL and commits."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Footprint:
    """The cost of one run. None is what could not be told apart or does not apply."""

    wal_bytes: int | None
    commits: int | None
    peak_rss: int | None
    """Bytes of the largest worker process, from its start on."""
    worker_cpu: float
    """Seconds of all measured processes together."""
    server_cpu: float | None
    """Seconds of all processes of the server together."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Counters at one moment."""

    at: float
    wal: int
    server_cpu: float
    worker_cpu: float


def read(wal: int, postmaster: int | None, workers: Sequence[int]) -> Reading:
    """Read the CPU counters of processes by their ids."""
    return Reading(
        at=time.monotonic(),
        wal=wal,
        server_cpu=0.0 if postmaster is None else _server_cpu(postmaster),
        worker_cpu=sum(_cpu(psutil.Process(worker)) for worker in workers),
    )


def peak_rss(worker: int) -> int:
    """Return the most memory a running process ever had, in bytes."""
    status = Path(f"/proc/{worker}/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return current_rss(worker)


def current_rss(worker: int) -> int:
    """Return the memory a running process has now, in bytes."""
    return int(psutil.Process(worker).memory_info().rss)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _server_cpu(postmaster: int) -> float:
    # The postmaster has inherited the times of its children that ended.
    process = psutil.Process(postmaster)
    times = process.cpu_times()
    seconds = float(times.user + times.system + times.children_user + times.children_system)
    for child in process.children():
        try:
            seconds += _cpu(child)
        except psutil.NoSuchProcess:
            continue
    return seconds
