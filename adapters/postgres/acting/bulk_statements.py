"""The statements for many jobs. `{pick}` finds a batch, skipping what somebody else is acting on."""

# In the order of an index, so that a batch reads neither what it leaves nor the places of those before it.
PICK_FINISHED = """
select id from {schema}.finished_jobs
where {condition} and finished_at <= {as_of}::timestamptz
{order} limit {limit}::bigint for update skip locked"""

PICK_WAITING = """
select id from {schema}.jobs
where {condition} and enqueued_at <= {as_of}::timestamptz
{order} limit {limit}::bigint for update skip locked"""

# Their rows are locked by their attempts, and are not changed.
PICK_RUNNING = """
select id from {schema}.jobs
where {condition} and enqueued_at <= {as_of}::timestamptz
  and not exists (select from {schema}.cancellations where job_id = jobs.id)
limit {limit}::bigint"""

# Inserting wakes the workers, as every insert does.
REVIVE = """
with revived as (
    delete from {schema}.finished_jobs where id = any (array({pick})) returning *
), forgotten as (
    delete from {schema}.cancellations where job_id in (select id from revived)
), inserted as (
    insert into {schema}.jobs (id, queue, type, payload, priority, run_at, state, fence, worker, enqueued_at, carrier)
    select id, queue, type, payload, priority, {now}, 'ready', fence, worker, enqueued_at, carrier from revived
    returning id
)
select count(*) from inserted"""

HASTEN = """
with hastened as (
    update {schema}.jobs set state = 'ready', run_at = {now} where id = any (array({pick})) returning queue
), woken as (
    select pg_notify({channel}, 'r:-32768:' || queue) from hastened group by queue
)
select (select count(*) from hastened), (select count(*) from woken)"""

CANCEL = """
with ended as (
    delete from {schema}.jobs where id = any (array({pick})) returning *
), kept as (
    insert into {schema}.finished_jobs
        (id, queue, type, payload, priority, run_at, state, attempt, fence, rescues, worker,
         enqueued_at, started_at, finished_at, carrier)
    select id, queue, type, payload, priority, run_at, 'cancelled', attempt, fence, rescues, worker,
           enqueued_at, null, {now}, carrier
    from ended
    returning id
)
select count(*) from kept"""

REQUEST = """
with running as (
    select id, queue from {schema}.jobs where id = any (array({pick})) and state = 'running'
), requested as (
    insert into {schema}.cancellations (job_id, requested_at) select id, {now} from running
    on conflict do nothing returning job_id
), told as (
    select pg_notify({channel}, 'c::' || queue) from running group by queue
)
select count(*), (select count(*) from told) from requested"""

DELETE_WAITING = """
with deleted as (
    delete from {schema}.jobs where id = any (array({pick})) returning id
), attempts as (
    delete from {schema}.attempts where job_id in (select id from deleted)
)
select count(*) from deleted"""

DELETE_FINISHED = DELETE_WAITING.replace("from {schema}.jobs", "from {schema}.finished_jobs")
