"""A database to try things with, until Ctrl-C: `make database`, or `python -m infrastructure.trial_database`."""

import signal
import sys

from infrastructure.embedded_postgres import embedded_postgres


def main() -> None:
    """Print what to type elsewhere, and keep the server until asked to stop, by SIGTERM or Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        with embedded_postgres() as dsn:
            print("PostgreSQL runs here until Ctrl-C, then its data are gone. In another terminal:", file=sys.stderr)
            print(f"export ARROWER_DSN='{dsn}'", flush=True)
            while True:
                signal.pause()
    except KeyboardInterrupt:
        print("Stopped, and cleaned up.", file=sys.stderr)


if __name__ == "__main__":
    main()
