"""The cases, in the order of the specification."""

from typing import Final

from tests.benchmarks.case import Case
from tests.benchmarks.cases import (
    backlog,
    batch_insert,
    drain_insert,
    drain_noop,
    enqueue_lists,
    enqueue_single,
    full_tables,
    held_snapshot,
    latency,
    many_queues,
    memory_adapter,
    processes,
    scheduled,
    telemetry,
    unknown_types,
)

CASES: Final[tuple[Case, ...]] = (
    drain_noop.CASE,
    drain_insert.CASE,
    batch_insert.CASE,
    enqueue_lists.CASE,
    enqueue_single.CASE,
    latency.CASE,
    held_snapshot.CASE,
    full_tables.CASE,
    backlog.CASE,
    unknown_types.CASE,
    many_queues.CASE,
    scheduled.CASE,
    processes.CASE,
    memory_adapter.CASE,
    telemetry.CASE,
)
