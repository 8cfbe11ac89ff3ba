"""Whether a worker process lives and works: over HTTP, and as a command for containers."""

from infrastructure.health.app import health_app
from infrastructure.health.asking import ask
from infrastructure.health.server import served

__all__ = ["ask", "health_app", "served"]
