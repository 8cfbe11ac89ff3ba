-- The server reads and plans a check constraint again for every statement: for the completion of a single job that
-- cost as much as an index. All statements that write here state one of the three states literally.
alter table {schema}.finished_jobs drop constraint if exists finished_jobs_state_check;
