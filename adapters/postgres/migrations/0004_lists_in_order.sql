-- With the id, so that a list of jobs that are due at the same instant can go on within them, and takes nothing but
-- a piece of this index, however many there are.
drop index if exists {schema}.jobs_scheduled;
create index jobs_scheduled on {schema}.jobs (queue, run_at, id) where state = 'scheduled';

-- Charts read the last minutes of all queues.
create index if not exists statistics_by_time on {schema}.statistics (bucket);

-- Which errors jobs of a type die of: without it, the planner takes each kind for some of the completed jobs, too, and
-- expects a hundredth of the dead ones that there are.
create statistics if not exists {schema}.finished_jobs_kinds (mcv)
    on state, type, (coalesce(error_kind, '')) from {schema}.finished_jobs;
