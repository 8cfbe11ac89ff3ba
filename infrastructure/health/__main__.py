"""`python -m infrastructure.health [livez|readyz]`: ends with 0 where all is well, for containers."""

import argparse
import sys
from collections.abc import Sequence

from infrastructure.health.asking import NO_PORT, answered
from infrastructure.settings import HealthSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the worker of this container, and print what it says."""
    settings = HealthSettings()
    chosen = _parser(settings).parse_args(arguments)
    if chosen.port is None:
        print(NO_PORT, file=sys.stderr)
        return 2
    return 0 if answered(chosen.question, chosen.host, chosen.port) else 1


def _parser(settings: HealthSettings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infrastructure.health",
        description="Ask a worker process whether it lives (livez), or whether it works jobs (readyz).",
    )
    parser.add_argument("question", nargs="?", choices=("livez", "readyz"), default="readyz")
    parser.add_argument("--host", default=settings.health_host)
    parser.add_argument("--port", type=int, default=settings.health_port)
    return parser


if __name__ == "__main__":
    sys.exit(main())
