"""What is asked of the server's own views."""

# A role without pg_monitor sees of the sessions of others neither their kind nor their query.
SERVER = """
select current_setting('server_version') as server_version, pg_backend_pid() as pid,
       coalesce($1, statement_timestamp()) as seen_at,
       pg_notification_queue_usage() as notification_queue_usage,
       (select count(*) from pg_stat_activity
        where datid is not null and coalesce(backend_type, 'client backend') = 'client backend') as connections,
       current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
           - coalesce(current_setting('reserved_connections', true), '0')::integer as connection_limit,
       current_setting('autovacuum')::boolean and current_setting('track_counts')::boolean as autovacuum"""

TABLES_EXIST = """
select exists (select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
               where nspname = $1 and relname = 'migrations')"""

MIGRATIONS = "select coalesce(max(version), 0) as version, min(applied_at) as first_at from {schema}.migrations"

# Of a worker that came by way of a pooler the session is not known. Superusers are not limited.
POOLED_WORKERS = """
select count(*) from {schema}.workers where left_at is null and died_at is null and session_pid is null"""

# At full speed these are more than the figures of the queues count. The order keeps the planner to the index by time.
ENDED_UNCOUNTED = """
select count(*) from (
    select from {schema}.finished_jobs
    where state in ('completed', 'cancelled')
      and finished_at >= (select greatest(counted_until, coalesce($1, statement_timestamp()) - interval '10 min')
                          from {schema}.statistics_progress)
    order by finished_at limit 500000
) as recent"""

OTHER_LIMITS = """
with workers as (
    select distinct usesysid from pg_stat_activity
    where pid in (select session_pid from {schema}.workers where left_at is null and died_at is null)
)
select 'database ' || datname as of, datconnlimit as limit,
       (select count(*) from pg_stat_activity as seen where seen.datid = database.oid) as connections
from pg_database as database where datname = current_database() and datconnlimit >= 0
union all
select 'role ' || rolname, rolconnlimit, (select count(*) from pg_stat_activity where usesysid = role.oid)
from pg_roles as role
where rolconnlimit >= 0 and not rolsuper
  and (oid in (select usesysid from workers) or (rolname = current_user and not exists (select from workers)))"""

# The threshold is that of the table, else that of the server.
TABLES = """
select class.relname as name, greatest(reltuples, n_live_tup, 0)::bigint as rows, n_dead_tup as dead_rows,
       pg_table_size(class.oid) as table_bytes, pg_indexes_size(class.oid) as index_bytes,
       greatest(last_vacuum, last_autovacuum) as last_vacuum, greatest(last_analyze, last_autoanalyze) as last_analyze,
       coalesce((options ->> 'autovacuum_vacuum_threshold')::float8,
                current_setting('autovacuum_vacuum_threshold')::float8)
       + coalesce((options ->> 'autovacuum_vacuum_scale_factor')::float8,
                  current_setting('autovacuum_vacuum_scale_factor')::float8) * greatest(reltuples, 0)
           as vacuum_threshold
from pg_class as class join pg_stat_all_tables as seen on relid = class.oid
cross join lateral (
    select jsonb_object_agg(option_name, option_value) as options from pg_options_to_table(reloptions)
) as own
where schemaname = $1 and relkind = 'r'
order by pg_total_relation_size(class.oid) desc"""

INDEXES = """
select indexrelname as name, relname as table_name, pg_relation_size(indexrelid) as bytes, idx_scan as scans
from pg_stat_all_indexes where schemaname = $1
order by bytes desc"""

# Whatever keeps dead rows from being cleaned up in this database. What a role may not see, the server shows as null.
# A vacuum has a snapshot, too, which is in nobody's way, and can take long.
SNAPSHOTS = """
select * from (
    select 'session' as kind, coalesce(application_name, '') as name, pid, usename::text as holder, state,
           xact_start as since, greatest(age(backend_xmin), age(backend_xid)) as transactions,
           nullif(query, '<insufficient privilege>') as query, query_start as query_started_at
    from pg_stat_activity
    where (backend_xmin is not null or backend_xid is not null) and pid <> pg_backend_pid()
      and datname = current_database() and pid not in (select pid from pg_stat_progress_vacuum)
    union all
    select 'prepared transaction', gid, null, owner::text, null, prepared, age(transaction), null, null
    from pg_prepared_xacts where database = current_database()
    union all
    select 'replication slot', slot_name::text, active_pid, null, case when active then 'active' else 'inactive' end,
           null, greatest(age(xmin), age(catalog_xmin)), null, null
    from pg_replication_slots where xmin is not null or catalog_xmin is not null
) as holders
order by transactions desc nulls last, since
limit 20"""
