"""A process ends when its worker has shut down, whatever its job funcs do."""

import subprocess
import sys

from tests.worlds.deadline import PATIENCE

_PROGRAM = """
import asyncio, threading
from dataclasses import dataclass
from datetime import timedelta
from adapters.memory import InMemoryQueue

@dataclass(frozen=True)
class SendReceipt:
    order: int

begun = threading.Event()

def send_receipt(job: SendReceipt) -> None:
    begun.set()
    threading.Event().wait()

async def main() -> None:
    queue = InMemoryQueue()
    await queue.register_job_func(send_receipt)
    await queue.enqueue(SendReceipt(1))
    await queue.start()
    await asyncio.to_thread(begun.wait)
    await queue.shutdown(timedelta(0))
    print("shut down, with", queue.count(), "waiting")

asyncio.run(main())
"""


def test_it_does_not_wait_for_a_thread_that_hangs() -> None:
    """Its job was handed back: somebody else may be at it by now."""
    command = [sys.executable, "-c", _PROGRAM]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert (ended.returncode, ended.stdout) == (0, "shut down, with 1 waiting\n"), ended.stderr
