"""Counting what a client waits for, whatever client it is: by listening in between."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_SOCKET = ".s.PGSQL.5432"
_WAITS_FOR_AN_ANSWER = b"QS"
"""A simple query, and the synchronisation that ends a series of extended messages."""


class RoundTrips:
    """Stands between one client and the server, and counts."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Forward to the server that PGHOST of this environment names."""
        self._server_socket = Path(environment["PGHOST"]) / _SOCKET
        self._folder = tempfile.TemporaryDirectory(prefix="rt-")
        self._listening: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self.environment = {**environment, "PGHOST": self._folder.name}
        """Leads a client here."""
        self.count = 0

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.start_unix_server(self._serve, Path(self._folder.name) / _SOCKET)
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._listening is not None:
            self._listening.close()
        for task in self._serving:
            task.cancel()
        if self._serving:
            await asyncio.wait(self._serving)
        self._folder.cleanup()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._forward_both_ways(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _forward_both_ways(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._server_socket)
        requests = asyncio.create_task(self._forward_requests(reader, server_writer))
        try:
            await _forward(server_reader, writer)  # a session ends when the server closes it
        finally:
            requests.cancel()
            for end in (writer, server_writer):
                end.close()
                with suppress(ConnectionError):
                    await end.wait_closed()

    async def _forward_requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await _forward_startup(reader, writer)
            while True:
                head = await reader.readexactly(5)
                self.count += head[:1] in _WAITS_FOR_AN_ANSWER
                writer.write(head + await reader.readexactly(int.from_bytes(head[1:]) - 4))
                await writer.drain()
        with suppress(OSError):
            writer.write_eof()


async def _forward_startup(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # The first message has no kind; it may ask for encryption, and then comes again.
    encryption = (80877103, 80877104)
    while True:
        length = await reader.readexactly(4)
        rest = await reader.readexactly(int.from_bytes(length) - 4)
        writer.write(length + rest)
        if int.from_bytes(rest[:4]) not in encryption:
            return


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
