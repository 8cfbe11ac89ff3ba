"""The statements for many jobs. `{pick}` leaves alone what is no longer as it was found, or what somebody else holds.

$1 are the ids, $2 the state, $3 up to when they came, $4 the time where it is not the database's.
"""

# Only the id may find them: the state of a job could lead to an index in which there are very many.
PICK_FINISHED = """
select id from (
    select id, state, finished_at from {schema}.finished_jobs where id = any ($1::bigint[]) for update skip locked
) as held where state = $2 and finished_at <= $3"""

PICK_WAITING = """
select id from (
    select id, state, enqueued_at from {schema}.jobs where id = any ($1::bigint[]) for update skip locked
) as held where state = $2 and enqueued_at <= $3"""

# Their rows are locked by their attempts, and are not changed.
PICK_RUNNING = """
select id from (
    select id, state, enqueued_at from {schema}.jobs where id = any ($1::bigint[]) offset 0
) as held where state = $2 and enqueued_at <= $3"""

# Inserting wakes the workers, as every insert does.
REVIVE = """
with revived as (
    delete from {schema}.finished_jobs where id = any (array({pick})) returning *
), forgotten as (
    delete from {schema}.cancellations where job_id in (select id from revived)
), inserted as (
    insert into {schema}.jobs (id, queue, type, payload, priority, run_at, state, fence, worker, enqueued_at, carrier)
    select id, queue, type, payload, priority, coalesce($4, statement_timestamp()), 'ready', fence, worker,
           enqueued_at, carrier
    from revived
    returning id
)
select count(*) from inserted"""

HASTEN = """
with hastened as (
    update {schema}.jobs set state = 'ready', run_at = coalesce($4, statement_timestamp())
    where id = any (array({pick})) returning queue
), woken as (
    select pg_notify({channel}, 'r:-32768:' || queue) from hastened group by queue
)
select (select count(*) from hastened), (select count(*) from woken)"""

CANCEL = """
with ended as (
    delete from {schema}.jobs where id = any (array({pick})) returning *
), kept as (
    insert into {schema}.finished_jobs ({moved}, state, rescues, started_at, finished_at)
    select {moved}, 'cancelled', rescues, null, coalesce($4, statement_timestamp())
    from ended
    returning id
)
select count(*) from kept"""

REQUEST = """
with running as (
    select id, queue from {schema}.jobs where id = any (array({pick}))
), requested as (
    insert into {schema}.cancellations (job_id, requested_at)
    select id, coalesce($4, statement_timestamp()) from running
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
