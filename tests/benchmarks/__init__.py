"""Whole processes against one PostgreSQL server: `python -m tests.benchmarks --help`."""
