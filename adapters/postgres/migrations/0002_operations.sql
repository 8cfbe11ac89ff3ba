-- Queues nobody takes jobs from. A claim looks here once.
create table {schema}.pauses (
    queue text primary key,
    paused_at timestamptz not null
);

-- Running jobs that are to be called off. They cannot be marked themselves: the transaction of the attempt
-- holds their rows. A request goes with its job: whatever ends the attempt, the job is not run again.
create table {schema}.cancellations (
    job_id bigint primary key,
    requested_at timestamptz not null
);
