"""The guards in the SQL: what is taken out, and what stands there instead, so that the statement stays valid."""

CONDITIONS = {
    # Whose attempt, job, worker or queue it is.
    r"fence = \$2": "$2::integer is not null",
    r"(job\.|known\.|finished\.)?fence = (held|done|job)\.fence": "true",
    r"(?<=where )id = \$1": "$1::bigint is not null",
    r"known\.id = job\.id": "true",
    r"worker = \$1 and state": "$1::bigint is not null and state",
    r"job\.worker = \$1": "$1::bigint is not null",
    r"worker\.id = \$1": "$1::bigint is not null",
    r"job_id = \$1": "$1::bigint is not null",
    r"job\.id = \$1": "$1::bigint is not null",
    r"queue = \$1(?! or)": "$1::text is not null",
    r"\(queue = \$1 or \$1 is null\)": "($1::text is null or true)",
    r"type = any \(\$3::text\[\]\)": "$3::text[] is not null",
    r"where job_id in \(select id from old\)": "",
    # Where it stands.
    r"(?<!set )\b(job\.|finished\.)?state = '(running|completed|scheduled|ready)'(?! where| end)": "true",
    r"state in \('[a-z', ]+'\)": "true",
    r"died_at is null": "true",
    r"died_at is not null or ": "",
    r"left_at is null": "true",
    r"rescued_at is null": "true",
    r"\(select id from me\) is not null": "true",
    r"not exists \(select from \{schema\}\.jobs where worker = \$1 and state = 'running'\)": "true",
    # Whether its time has come.
    r"run_at <= coalesce\(\$[35], statement_timestamp\(\)\)": "true",
    r" and run_at > coalesce\(\$3, statement_timestamp\(\)\)": "",
    r"heartbeat_at \+ lease < coalesce\(\$2, statement_timestamp\(\)\)": "true",
    r"finished_at < coalesce\(\$3, statement_timestamp\(\)\) - \$1::interval": "$1::interval is not null",
    r"coalesce\(left_at, rescued_at\) < coalesce\(\$2, statement_timestamp\(\)\) - \$1::interval": (
        "statement_timestamp() < coalesce($2, statement_timestamp()) + $1::interval"
    ),
    r" - interval '1 day'": "",
    r"(?<=statistics where )bucket < \$1": "$1::timestamptz is not null",
    r"(finished|enqueued)_at <= \$3": "$3::timestamptz is not null",
    r"(?<=as held where )state = \$2": "$2::text is not null",
    r"\n +and not exists \(select from \{schema\}\.pauses where queue = \$1\)": "",
    # Locks.
    r" skip locked": "",
    r" for share": "",
    r" for update(?! of| skip)": "",
    r" for no key update": "",
    # What a rescue judges by.
    r"session_pid is not null and ": "",
    r"locktype = 'advisory' and objsubid = 2\n +and ": "",
    r"\n      and database = \(select .*?\(\)\)": "",
    r"classid = \(.*?\)::oid": "$1::bigint is not null",
    r" and objid = \(.*?\)::oid": "",
    r"\brescues > 0": "true",
    r"\ballowed = 1": "true",
    r"unmarked and ": "",
    r"not judged\.refunded and ": "",
    r"judged\.refunded or ": "",
    r"judged\.attempt >= judged\.allowed": "true",
    r"judged\.attempt < judged\.allowed": "true",
    r"where not refunded": "",
    r" and holder\.granted": "",
    r"holder\.transactionid = job\.xmax": "true",
    r"and session\.backend_start < worker\.heartbeat_at": "",
    r"where pid <> pg_backend_pid\(\)": "",
    # Which session it is.
    r"where pid = pg_backend_pid\(\)": "",
    r"(?<=where )pid = \$1": "$1::integer is not null",
    r" and backend_start = \$2": " and $2::timestamptz is not null",
    # Whether it waits for a session's end.
    r"pg_terminate_backend\(pid, \$2\)": "pg_terminate_backend(pid) and $2::integer is not null",
    r"pg_terminate_backend\(pid, 5000\)": "pg_terminate_backend(pid)",
}

FOR_PEOPLE = ("_STATE",)
"""Statements that only find words for an error."""

EQUIVALENT = {
    "statistics.until: state in ('completed', 'cancelled')": "keeps a step from being smaller than it may be",
    "rescue.free_jobs: not judged.refunded and": "names the order in which the server changes a row: it is freed first",
    "rescue.free_jobs: judged.attempt >= judged.allowed": "names the order as well: what is freed is not ended, too",
    "rescue.declare_dead: rescued_at is null": "saves work: there is nothing left to free",
    "queue_switch.wait_for_claims: queue = $1": "spares a pause the wait for other queues, of two seconds at most",
    "queue_switch.wait_for_claims: died_at is null": "spares the wait for the dead: a claim of theirs takes nothing",
    "queue_switch.wait_for_claims: left_at is null": "spares the wait for those that left, who claim nothing",
    "control.end_predecessor: pid = $1": "says it twice: no two sessions begin in the same microsecond",
}
"""Mutants that cannot be told from the original, and why."""
