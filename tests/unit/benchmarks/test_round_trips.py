"""Counting what a client of PostgreSQL waits for."""

import asyncio
import tempfile
from pathlib import Path

from tests.benchmarks.measures.round_trips import RoundTrips


async def test_queries_and_synchronisations_are_counted_and_passed_on() -> None:
    """Parse, bind and execute travel together, and only their synchronisation is waited for."""
    received: asyncio.Queue[bytes] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await received.put(await reader.read())
        writer.close()

    # A socket's path must be short; that of a test need not be.
    with tempfile.TemporaryDirectory() as folder:
        async with (
            await asyncio.start_unix_server(serve, Path(folder) / _SOCKET),
            RoundTrips({"PGHOST": folder}) as counter,
        ):
            _, writer = await asyncio.open_unix_connection(Path(counter.environment["PGHOST"]) / _SOCKET)
            sent = _startup() + b"".join(map(_message, b"QPBESPBES"))
            writer.write(sent)
            writer.write_eof()

            assert await received.get() == sent
            assert counter.count == 3

            writer.close()
            await writer.wait_closed()


_SOCKET = ".s.PGSQL.5432"


def _startup() -> bytes:
    body = (196_608).to_bytes(4) + b"user\0postgres\0\0"
    return (len(body) + 4).to_bytes(4) + body


def _message(kind: int) -> bytes:
    return bytes([kind]) + (9).to_bytes(4) + b"hello"
