-- The numbers of jobs and of workers begin anew where the database is dropped and made again, or the schema. Those who
-- worked in the one before, and still do, must find nothing in it that looks like theirs.
alter table {schema}.jobs alter column fence set default (random() * 1000000000)::integer;

select setval(sequence, nextval(sequence) + 1000 + (random() * 1000000)::bigint)
from (select pg_get_serial_sequence(format('%I.workers', {channel}), 'id')::regclass as sequence) as numbered;
