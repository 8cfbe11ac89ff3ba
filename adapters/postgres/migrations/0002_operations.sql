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

alter table {schema}.attempts drop constraint attempts_outcome_check,
    add constraint attempts_outcome_check check (outcome in ('failed', 'died', 'cancelled')) not valid;

-- What the error of a dead job has in common with others of its kind. Null where a worker of the
-- version before buried the job: those of a type are one group.
alter table {schema}.finished_jobs add column error_kind text;

-- Both are partial: a completed job, of which there are very many, costs no entry in them.
create index finished_jobs_dead_by_kind on {schema}.finished_jobs (type, coalesce(error_kind, ''), finished_at)
    where state = 'dead';
create index finished_jobs_by_state on {schema}.finished_jobs (state, finished_at)
    where state in ('dead', 'cancelled');
create index attempts_by_time on {schema}.attempts (finished_at);

-- So that the planner's estimates, which stand for counts where there are very many jobs, know that the columns
-- are not independent.
create statistics {schema}.jobs_shares (mcv) on queue, state, type from {schema}.jobs;
create statistics {schema}.finished_jobs_shares (mcv) on queue, state, type from {schema}.finished_jobs;

-- What ended in each ten seconds, counted by the maintenance of the pools. Charts and rates read this, because
-- counting the jobs themselves would read millions.
create table {schema}.statistics (
    queue text not null,
    bucket timestamptz not null,
    completed bigint not null,
    failed bigint not null,
    dead bigint not null,
    cancelled bigint not null,
    -- Sums over the completed ones, in seconds.
    run_time double precision not null,
    wait_time double precision not null,
    -- How many completed ones took how long: numbers by class, see adapters/postgres/looking/time_classes.py.
    run_classes jsonb not null,
    wait_classes jsonb not null,
    primary key (queue, bucket)
);

-- Up to when everything that ended is counted: one row, locked by whoever counts.
create table {schema}.statistics_progress (counted_until timestamptz not null);
insert into {schema}.statistics_progress values (date_bin('10 s', statement_timestamp(), '2000-01-01 00:00+00'));
