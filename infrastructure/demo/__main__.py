"""`python -m infrastructure.demo --adapter postgres|memory`."""

import argparse
import asyncio
import logging
import signal
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from types import FrameType

from rich.console import Console

from infrastructure.demo.casualty import Casualty
from infrastructure.demo.in_memory import MemoryDemo
from infrastructure.demo.on_postgres import PostgresDemo
from infrastructure.demo.order_file import OrderFile
from infrastructure.demo.report import Report
from infrastructure.demo.summary import show, show_casualty
from infrastructure.embedded_postgres import embedded_postgres

_INTERRUPTED = 128 + signal.SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo. Returns the exit code: not 0 where an effect was lost or doubled."""
    chosen = _parser().parse_args(arguments)
    console = Console(highlight=False)
    logging.getLogger("arrower").addHandler(logging.NullHandler())  # failures are part of the show
    try:
        report = _run(chosen, console)
    except KeyboardInterrupt:
        console.print("Stopped, and cleaned up.")
        return _INTERRUPTED
    return 0 if report.all_well else 1


def _run(chosen: argparse.Namespace, console: Console) -> Report:
    file, pay_within = OrderFile(limit=chosen.orders), timedelta(seconds=chosen.pay_within)
    console.print(f"[bold]Arrower demo[/]: {len(file):,} orders from {file}, adapter {chosen.adapter}")
    casualty: Casualty | None = None
    if chosen.adapter == "memory":
        began = time.monotonic()
        report = asyncio.run(MemoryDemo(file, pay_within, console).run())
    else:
        with embedded_postgres() as dsn:
            console.print("PostgreSQL has started, embedded in this demo.")
            began = time.monotonic()
            report, casualty = asyncio.run(PostgresDemo(dsn, file, pay_within, console).run())
    show(report, console)
    if casualty is not None:
        show_casualty(casualty, report, console)
    console.print(f"All was done within {time.monotonic() - began:.1f} s.")
    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infrastructure.demo",
        description="Place orders, work their jobs in the background, and count what came of it.",
    )
    parser.add_argument("--adapter", choices=("postgres", "memory"), default="postgres")
    parser.add_argument("--orders", type=int, help="place only so many orders", metavar="NUMBER")
    parser.add_argument(
        "--pay-within",
        type=float,
        default=7.0,
        help="cancel orders that are unpaid for so long (default: %(default)g)",
        metavar="SECONDS",
    )
    return parser


def _stop_in_order() -> None:
    # Whoever asks, and however we were started: every block is left, and cleans up.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    _stop_in_order()
    sys.exit(main())
