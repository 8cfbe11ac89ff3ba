"""A port to listen on, now and later."""

import secrets
import socket

_NOT_GIVEN_TO_CONNECTIONS = range(20_000, 32_000)
"""Those from 32,768 on are given to whoever connects to somewhere: one that is free now may not be in a moment."""


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens, and which is still free after a restart."""
    while True:
        port = secrets.choice(_NOT_GIVEN_TO_CONNECTIONS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
