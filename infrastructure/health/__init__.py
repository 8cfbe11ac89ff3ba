"""Whether a worker process lives and works: over HTTP, and as a command for containers."""

from infrastructure.health.app import health_app
from infrastructure.health.asking import NO_PORT, answered, ask
from infrastructure.health.server import served
from infrastructure.health.telling import telling_health

__all__ = ["NO_PORT", "answered", "ask", "health_app", "served", "telling_health"]
