"""Run the benchmarks."""

import sys

from tests.benchmarks.command_line import main

if __name__ == "__main__":
    sys.exit(main())
