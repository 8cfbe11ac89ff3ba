"""What is read of the rows of jobs for a list."""

from adapters.postgres.looking.instants import within_python

LIVE = """
select id, queue, type, payload, state, priority, attempt, run_at, enqueued_at,
       coalesce(started_at, claimed_at) as started_at, worker, null::timestamptz as finished_at,
       null::text as error_kind
from {schema}.jobs"""

FINISHED = """
select id, queue, type, payload, state, priority, attempt, run_at, enqueued_at,
       started_at, worker, finished_at, error_kind
from {schema}.finished_jobs"""

SHOW = f"""
select id, queue, type, left(payload::text, 500) as payload, state, priority, attempt,
       {within_python("run_at", "run_at")}, {within_python("enqueued_at", "enqueued_at")},
       case when state not in ('scheduled', 'ready') then started_at end as started_at, finished_at,
       case when attempt > 0 and state in ('scheduled', 'ready', 'dead') then (
           select error from {{schema}}.attempts as ended where job_id = page.id
           order by ended.started_at desc, ended.attempt desc limit 1
       ) end as error
from page"""

SHOW_ID = "select id, priority, run_at, finished_at from page"
