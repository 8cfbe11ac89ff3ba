-- The statements of workers and producers of version 1, word for word, so that a test can be one of them.

-- name: enqueue
insert into {schema}.jobs (queue, type, payload, priority, run_at, state, enqueued_at, carrier)
select $1, job.type, job.payload::json, $4, coalesce($5, $6, statement_timestamp()),
       case when $5 > coalesce($6, statement_timestamp()) then 'scheduled' else 'ready' end,
       coalesce($6, statement_timestamp()), $7::text::json
from unnest($2::text[], $3::text[]) with ordinality as job (type, payload, position)
order by job.position
returning id

-- name: register
insert into {schema}.workers
    (pool_name, queue, size, version, host, pid, lease, max_attempts, started_at, heartbeat_at)
values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb,
        coalesce($9, statement_timestamp()), coalesce($9, statement_timestamp()))
returning id, heartbeat_at

-- name: holds_lock
update {schema}.workers set session_pid = $2 where id = $1

-- name: announce
update {schema}.workers set max_attempts = $2::text::jsonb where id = $1

-- name: heartbeat
update {schema}.workers
set heartbeat_at = coalesce($3, statement_timestamp()), session_pid = $2
where id = $1 and died_at is null and left_at is null
returning heartbeat_at

-- name: claim
with me as materialized (
    select id from {schema}.workers where id = $4 and died_at is null and left_at is null for share
)
update {schema}.jobs as job
set state = 'running', attempt = least(attempt + 1, 32767), fence = fence % 2147483647 + 1, worker = $4,
    claimed_at = coalesce($5, statement_timestamp()), started_at = null
where id = any (array(
    select id from {schema}.jobs
    where (select id from me) is not null and queue = $1 and state = 'ready' and type = any ($3::text[])
      and run_at <= coalesce($5, statement_timestamp())
      and (priority, run_at) >= ($6::smallint, $7::timestamptz)
    order by priority, run_at, id
    limit $2 for update skip locked))
returning priority, greatest(run_at, '0001-01-02 00:00+00'), id, type, payload::text, attempt, fence, rescues,
          greatest(least(enqueued_at, '9999-12-30 00:00+00'), '0001-01-02 00:00+00'), carrier::text

-- name: promote
with due as (
    update {schema}.jobs set state = 'ready'
    where id = any (array(
        select id from {schema}.jobs
        where queue = $1 and state = 'scheduled' and run_at <= coalesce($3, statement_timestamp())
        order by run_at
        limit $2 for update skip locked))
    returning id
), promoted as (
    select count(*) as number from due
)
select number,
       (select least(run_at, coalesce($3, statement_timestamp()) + interval '1 day') from {schema}.jobs
        where queue = $1 and state = 'scheduled' and run_at > coalesce($3, statement_timestamp())
        order by run_at limit 1)
           - coalesce($3, statement_timestamp()) as next,
       case when number > 0 then pg_notify({channel}, 'r:-32768:' || $1) end
from promoted

-- name: mark_started
update {schema}.jobs set started_at = coalesce($3, statement_timestamp())
where id = $1 and fence = $2 and state = 'running'
returning id

-- name: release
with freed as (
    update {schema}.jobs set state = 'ready', attempt = attempt - 1
    where id = any (array(
        select job.id
        from unnest($1::bigint[], $2::integer[]) as held (id, fence)
        cross join lateral (
            select id from {schema}.jobs where id = held.id and fence = held.fence and state = 'running' for update
        ) as job))
    returning id
)
select pg_notify({channel}, 'r:-32768:' || $3) from freed limit 1

-- name: fence
select 1 from {schema}.jobs where id = $1 and fence = $2 and state = 'running' for update

-- name: complete_one
with ended as (
    delete from {schema}.jobs where id = $1 and fence = $2 and state = 'running' returning *
)
insert into {schema}.finished_jobs
    (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker,
     enqueued_at, started_at, finished_at, carrier)
select id, queue, type, payload, priority, run_at, 'completed', attempt, fence, rescues, worker,
       enqueued_at, $3, $4, carrier
from ended

-- name: complete
with ended as materialized (
    select job.*, done.began, done.ended
    from unnest($1::bigint[], $2::integer[], $3::timestamptz[], $4::timestamptz[]) as done (id, fence, began, ended)
    cross join lateral (
        select * from {schema}.jobs where id = done.id and fence = done.fence and state = 'running' for update
    ) as job
), gone as (
    delete from {schema}.jobs where id = any (array(select id from ended))
)
insert into {schema}.finished_jobs
    (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker,
     enqueued_at, started_at, finished_at, carrier)
select id, queue, type, payload, priority, run_at, 'completed', attempt, fence, rescues, worker,
       enqueued_at, began, ended.ended, carrier
from ended

-- name: retry
with failed as (
    update {schema}.jobs
    set state = case when $3::interval > interval '0' then 'scheduled' else 'ready' end,
        run_at = coalesce($8, statement_timestamp()) + $3::interval
    where id = $1 and fence = $2 and state = 'running'
    returning id, attempt, worker
)
insert into {schema}.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
select id, attempt, worker, $4, $5, 'failed', $6, $7 from failed

-- name: bury
with ended as (
    delete from {schema}.jobs where id = $1 and fence = $2 and state = 'running' returning *
), kept as (
    insert into {schema}.finished_jobs
        (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker,
         enqueued_at, started_at, finished_at, carrier)
    select id, queue, type, payload, priority, run_at, 'dead', attempt, fence, rescues, worker,
           enqueued_at, $3, $4, carrier
    from ended
)
insert into {schema}.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
select id, attempt, worker, $3, $4, 'failed', $5, $6 from ended

-- name: snooze
update {schema}.jobs
set state = case when $3::interval > interval '0' then 'scheduled' else 'ready' end,
    run_at = coalesce($4, statement_timestamp()) + $3::interval, attempt = attempt - 1
where id = $1 and fence = $2 and state = 'running'

-- name: disown
with freed as (
    update {schema}.jobs set state = 'ready', attempt = attempt - 1
    where id = any (array(
        select id from {schema}.jobs as job
        where worker = $1 and state = 'running'
          and not exists (
              select from unnest($2::bigint[], $3::integer[]) as known (id, fence)
              where known.id = job.id and known.fence = job.fence)
        for update skip locked))
    returning queue
)
select count(*), case when count(*) > 0 then pg_notify({channel}, 'r:-32768:' || min(queue)) end from freed

-- name: deregister
with freed as (
    update {schema}.jobs set state = 'ready', attempt = attempt - 1
    where id = any (array(
        select id from {schema}.jobs where worker = $1 and state = 'running' for update skip locked))
    returning queue
)
select count(*), case when count(*) > 0 then pg_notify({channel}, 'r:-32768:' || min(queue)) end from freed

-- name: leave
update {schema}.workers set left_at = coalesce($2, statement_timestamp())
where id = $1 and not exists (select from {schema}.jobs where worker = $1 and state = 'running')

-- name: suspects
select id, died_at is not null or heartbeat_at + lease < coalesce($2, statement_timestamp()) as silent,
       
session_pid is not null and not exists (
    select from pg_locks
    where locktype = 'advisory' and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database())
      and classid = ($1::bigint & 4294967295)::oid and objid = (worker.id & 2147483647)::oid) as vanished
from {schema}.workers as worker
where left_at is null and rescued_at is null

-- name: declare_dead
update {schema}.workers as worker set died_at = coalesce(died_at, $2, statement_timestamp())
where id = (
    select id from {schema}.workers as worker
    where id = $3 and left_at is null and rescued_at is null
      and (died_at is not null or heartbeat_at + lease < coalesce($2, statement_timestamp()) or 
session_pid is not null and not exists (
    select from pg_locks
    where locktype = 'advisory' and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database())
      and classid = ($1::bigint & 4294967295)::oid and objid = (worker.id & 2147483647)::oid))
    for update skip locked)
returning pool_name

-- name: free_jobs
with lost as materialized (
    select job.id, job.attempt, coalesce(job.started_at, job.claimed_at) as since,
           coalesce((worker.max_attempts ->> job.type)::integer, 25) as allowed,
           job.started_at is null as unmarked, job.rescues
    from {schema}.jobs as job join {schema}.workers as worker on worker.id = job.worker
    where job.worker = $1 and job.state = 'running'
    for update of job skip locked
), judged as (
    select *, unmarked and (rescues > 0 or allowed = 1) as refunded from lost
), freed as (
    update {schema}.jobs as job
    set state = 'ready', rescues = job.rescues + 1, attempt = job.attempt - judged.refunded::integer
    from judged
    where job.id = judged.id and (judged.refunded or judged.attempt < judged.allowed)
    returning job.queue
), ended as (
    delete from {schema}.jobs as job using judged
    where job.id = judged.id and not judged.refunded and judged.attempt >= judged.allowed
    returning job.*, judged.since
), kept as (
    insert into {schema}.finished_jobs
        (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker,
         enqueued_at, started_at, finished_at, carrier)
    select id, queue, type, payload, priority, run_at, 'dead', attempt, fence, rescues + 1, worker,
           enqueued_at, since, coalesce($2, statement_timestamp()), carrier
    from ended
), recorded as (
    insert into {schema}.attempts (job_id, attempt, worker, started_at, finished_at, outcome, error, traceback)
    select id, attempt, $1, since, coalesce($2, statement_timestamp()), 'died', $3, ''
    from judged where not refunded
)
select (select count(*) from freed) as freed, (select count(*) from ended) as buried,
       (select count(pg_notify({channel}, 'r:-32768:' || queue)) from (select distinct queue from freed) as woken)

-- name: end_sessions
select pg_terminate_backend(pid) from (
    select holder.pid
    from {schema}.jobs as job
    join pg_locks as holder on holder.locktype = 'transactionid' and holder.granted
        and holder.transactionid = job.xmax
    where job.worker = $1 and job.state = 'running'
    union
    select worker.session_pid
    from {schema}.workers as worker
    join pg_stat_activity as session on session.pid = worker.session_pid
        and session.backend_start < worker.heartbeat_at
    where worker.id = $1
) as sessions where pid <> pg_backend_pid()

-- name: rescued
update {schema}.workers set rescued_at = coalesce($2, statement_timestamp())
where id = $1 and not exists (select from {schema}.jobs where worker = $1 and state = 'running')

-- name: prune
with old as (
    delete from {schema}.finished_jobs
    where id = any (array(
        select id from {schema}.finished_jobs
        where state in ('completed', 'cancelled') and finished_at < coalesce($3, statement_timestamp()) - $1::interval
        order by finished_at
        limit $2 for update skip locked))
    returning id
), attempts as (
    delete from {schema}.attempts where job_id in (select id from old)
)
select count(*) from old

-- name: prune_workers
delete from {schema}.workers
where coalesce(left_at, rescued_at) < coalesce($2, statement_timestamp()) - $1::interval - interval '1 day'

-- name: revive
with revived as (
    delete from {schema}.finished_jobs where id = $1 and state in ('dead', 'cancelled') returning *
)
insert into {schema}.jobs (id, queue, type, payload, priority, run_at, state, fence, worker, enqueued_at, carrier)
select id, queue, type, payload, priority, coalesce($2, statement_timestamp()), 'ready', fence, worker,
       enqueued_at, carrier
from revived
returning id

-- name: hasten
with hastened as (
    update {schema}.jobs set state = 'ready', run_at = coalesce($2, statement_timestamp())
    where id = $1 and state = 'scheduled'
    returning id, queue
)
select id, pg_notify({channel}, 'r:-32768:' || queue) from hastened

-- name: cancel
with ended as (
    delete from {schema}.jobs where id = $1 and state in ('scheduled', 'ready') returning *
)
insert into {schema}.finished_jobs
    (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker,
     enqueued_at, started_at, finished_at, carrier)
select id, queue, type, payload, priority, run_at, 'cancelled', attempt, fence, rescues, worker,
       enqueued_at, null, coalesce($2, statement_timestamp()), carrier
from ended
returning id
