"""The database to try things with."""

import asyncio
import shlex
import signal
import subprocess
import sys

import asyncpg
import pytest

PATIENCE = 60.0


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_is_there_until_it_is_asked_to_stop(asked: signal.Signals) -> None:
    """What it prints, a shell understands; afterwards nobody answers there."""
    command = [sys.executable, "-m", "infrastructure.trial_database"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            export, setting = shlex.split(process.stdout.readline())
            dsn = setting.removeprefix("ARROWER_DSN=")
            asyncio.run(_connect(dsn))
            process.send_signal(asked)
            _, said = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()

    assert export == "export"
    assert process.returncode == 0
    assert "Stopped, and cleaned up." in said
    with pytest.raises(OSError, match="No such file"):
        asyncio.run(_connect(dsn))


async def _connect(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.close()
