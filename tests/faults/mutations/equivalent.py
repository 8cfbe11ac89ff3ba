"""Conditions of which nothing can tell whether they are there, and why."""

_SPARES_A_NOTIFICATION = "spares a notification of nothing"
_IS_FREED_FIRST = "names the order in which the server changes a row: it is freed first"
_IS_REPLACED = "is replaced or dropped by a later migration"

_IS_FOUND_ANYWAY = "keeps nothing out: the queues of jobs in other states are found by these"
_FOR_THE_INDEX = "lets the planner use an index: the state is looked at again"

EQUIVALENT = {
    "0001_jobs: outcome in ('failed', 'died')": _IS_REPLACED,
    "0001_jobs: state in ('completed', 'dead', 'cancelled')": _IS_REPLACED,
    "claims.claim: (priority, run_at, id) >= ($6::smallint, $7::timestamptz, $8::bigint)": (
        "spares a look at what was claimed already, in the index"
    ),
    "claims.promote: number > 0": _SPARES_A_NOTIFICATION,
    "conditions.condition: worker is not null": "lets the planner use an index: whatever runs has a worker",
    "control.end_predecessor: pid = $1": "says it twice: no two sessions begin in the same microsecond",
    "queue_counts.numbers: worker is not null": "lets the planner use an index: whatever runs has a worker",
    "queue_counts.queues: state = 'ready'": _IS_FOUND_ANYWAY,
    "queue_counts.queues: state = 'running'": _IS_FOUND_ANYWAY,
    "queue_counts.queues: state = 'scheduled'": _IS_FOUND_ANYWAY,
    "queue_counts.queues: worker is not null": "lets the planner use an index: whatever runs has a worker",
    "queue_switch.wait_for_claims: died_at is null": "spares the wait for the dead: a claim of theirs takes nothing",
    "queue_switch.wait_for_claims: left_at is null": "spares the wait for those that left, who claim nothing",
    "queue_switch.wait_for_claims: queue = $1": "spares a pause the wait for other queues, of two seconds at most",
    "rescue.declare_dead: rescued_at is null": "saves work: there is nothing left to free",
    "rescue.end_sessions: pg_terminate_backend(pid)": "saves time: the wait for each of them ends it, too",
    "rescue.free_jobs: (called_off or (not judged.refunded and judged.attempt >= judged.allowed))": _IS_FREED_FIRST,
    "rescue.free_jobs: judged.attempt >= judged.allowed": _IS_FREED_FIRST,
    "rescue.free_jobs: not judged.refunded": _IS_FREED_FIRST,
    "rescue.vanished: locktype = 'advisory'": "says it twice: in that place no lock of another kind has a 2",
    "rows_of_jobs.show: attempt > 0": "saves a look: who was never tried has no error",
    "statistics.begin: counted_until <= coalesce($1, statement_timestamp()) - $2::interval": (
        "saves work: a stretch that is counted again is there already"
    ),
    "statistics.count: on conflict do nothing": "is a second belt: each stretch is counted once",
    "waiting_line.init: state = '{state.value}'": _FOR_THE_INDEX,
    "waiting_line.read: {self._state}": _FOR_THE_INDEX,
    "workers.deregister: count(*) > 0": _SPARES_A_NOTIFICATION,
    "workers.disown: count(*) > 0": _SPARES_A_NOTIFICATION,
}
