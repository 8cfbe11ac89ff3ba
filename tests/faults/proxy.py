"""A TCP proxy that loses connections as networks do: cut, delayed, or silent for ever without a reset."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

Rule = Callable[[bytes], "str | None"]
"""Looks at what a client sends, and says what happens: 'drop before', 'drop after', 'silence' from then on, or None."""


class Proxy:
    """Passes bytes on until told otherwise."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._pipes: set[asyncio.Task[None]] = set()
        self._lines: list[_Line] = []
        self.rule: Rule | None = None
        self.refuses = False
        self.struck = 0
        """How often the rule has said something."""
        self.delay = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one client."""
        if self.refuses:
            writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        line = _Line(self, writer, server_writer)
        self._lines.append(line)
        self._writers |= {writer, server_writer}
        for pipe in (line.to_server(reader), line.to_client(server_reader)):
            task = asyncio.create_task(pipe)
            self._pipes.add(task)
            task.add_done_callback(self._pipes.discard)

    def fall_silent(self) -> None:
        """Pass nothing on any more on the connections there are; new ones work."""
        for line in self._lines:
            line.silent = True

    def cut_all(self) -> None:
        """Reset every connection."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def close(self) -> None:
        """Reset everything, and wait for the pipes to end."""
        self.cut_all()
        for pipe in tuple(self._pipes):
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)


class _Line:
    """One connection of a client."""

    def __init__(self, proxy: Proxy, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._answers_lost = False
        self.silent = False

    async def to_server(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                verdict = self._proxy.rule(data) if self._proxy.rule is not None else None
                if verdict is not None:
                    self._proxy.struck += 1
                if verdict == "drop before":
                    break
                if verdict == "drop after":
                    self._answers_lost = True
                if self._proxy.delay:
                    await asyncio.sleep(self._proxy.delay)
                if not self.silent:
                    self._server.write(data)
                if verdict == "silence":
                    self.silent = True
        if not self.silent:
            self._end()

    async def to_client(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if self._answers_lost:
                    break
                if not self.silent:
                    self._client.write(data)
        if not self.silent:
            self._end()

    def _end(self) -> None:
        self._client.transport.abort()
        if self._answers_lost:
            self._server.close()
        else:
            self._server.transport.abort()


@asynccontextmanager
async def proxy_to(host: str, port: int) -> AsyncIterator[tuple[Proxy, int]]:
    """Run a proxy for the length of a block, and give it with its port."""
    proxy = Proxy(host, port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield proxy, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await proxy.close()
