"""The endpoint of a worker process, in its own event loop: where that hangs, nobody answers."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp


class _Guest(uvicorn.Server):
    """A server that leaves signals to the process it is in."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def served(app: ASGIApp, host: str, port: int) -> AsyncGenerator[int, None]:
    """Serve `app` for the length of the block, and yield its port; 0 takes any that is free.

    Raises `OSError` where the port is taken.
    """
    with socket.create_server((host, port)) as listening:
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        server = _Guest(config)
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await serving
