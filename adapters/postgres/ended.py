"""Counting what ended within a stretch of time, by queue and ten seconds."""

from adapters.postgres.looking.time_classes import class_in_sql

ORIGIN = "'1970-01-01 00:00+00'::timestamptz"
_BUCKET = f"date_bin('10 s', finished_at, {ORIGIN})"


def _seconds(instant: str) -> str:
    return f"extract(epoch from {instant})::float8"


def _classes(column: str) -> str:
    return f"""
    select queue, bucket, jsonb_object_agg(class, number) as classes
    from (select queue, bucket, {class_in_sql(column)} as class, count(*) as number
          from ended where state = 'completed' group by 1, 2, 3) as counted
    group by queue, bucket"""


def too_many(since: str, most: str) -> str:
    """Return SQL for the ten seconds in which more than `most` jobs, or attempts, have ended; null where fewer have.

    `since` and `most` are SQL, too. What is counted up to there takes bounded time: each kind has an index by time.
    """
    kinds = (
        f"finished_jobs where state in ('completed', 'cancelled') and finished_at >= {since} order by finished_at",
        f"finished_jobs where {_dead_since(since)} order by state, finished_at",
        f"attempts where finished_at >= {since} order by finished_at",
    )
    found = (f"(select {_BUCKET} from {{schema}}.{kind} offset {most} limit 1)" for kind in kinds)
    return f"least({', '.join(found)})"


def _dead_since(since: str) -> str:
    # Three indexes know the dead, and the planner may choose one that it has to read as a whole. So the condition is
    # that of the index by state and time, which begins with the cancelled ones.
    return f"state in ('cancelled', 'dead') and (state, finished_at) >= ('dead', {since})"


# Each state is a branch of its own, because each is found by an index of its own. Instants are subtracted as
# seconds, because SQL can write infinite ones. Attempts have no queue, but their workers do.
ENDED = f"""
with ended as (
    select queue, {_BUCKET} as bucket, state,
           {_seconds("finished_at")} - {_seconds("coalesce(started_at, finished_at)")} as run,
           greatest({_seconds("coalesce(started_at, finished_at)")} - {_seconds("greatest(run_at, enqueued_at)")}, 0)
               as wait
    from {{schema}}.finished_jobs
    where state in ('completed', 'cancelled') and finished_at >= $1 and finished_at < $2
    union all
    select queue, {_BUCKET}, state, 0, 0
    from {{schema}}.finished_jobs where {_dead_since("$1")} and (state, finished_at) < ('dead', $2)
), jobs as (
    select queue, bucket, count(*) filter (where state = 'completed') as completed,
           count(*) filter (where state = 'dead') as dead, count(*) filter (where state = 'cancelled') as cancelled,
           sum(run) filter (where state = 'completed') as run_time,
           sum(least(wait, 1e9)) filter (where state = 'completed') as wait_time
    from ended group by queue, bucket
), failures as (
    select worker.queue, {_BUCKET} as bucket, count(*) as failed
    from {{schema}}.attempts as attempt join {{schema}}.workers as worker on worker.id = attempt.worker
    where finished_at >= $1 and finished_at < $2 and outcome in ('failed', 'died')
    group by 1, 2
), run_classes as ({_classes("run")}
), wait_classes as ({_classes("wait")}
)
select queue, bucket, coalesce(completed, 0) as completed, coalesce(failed, 0) as failed, coalesce(dead, 0) as dead,
       coalesce(cancelled, 0) as cancelled, coalesce(run_time, 0) as run_time, coalesce(wait_time, 0) as wait_time,
       coalesce(run_classes.classes, '{{}}') as run_classes, coalesce(wait_classes.classes, '{{}}') as wait_classes
from jobs full join failures using (queue, bucket)
left join run_classes using (queue, bucket) left join wait_classes using (queue, bucket)"""
