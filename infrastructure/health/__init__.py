"""Whether a worker process lives and works: over HTTP, and as a command for containers."""

from infrastructure.health.app import health_app
from infrastructure.health.asking import NO_PORT, answered, ask
from infrastructure.health.server import served

__all__ = ["NO_PORT", "answered", "ask", "health_app", "served"]
