"""Counting in PostgreSQL."""

from adapters.postgres.driver import Pool
from application.jobs.looking import JobInspection
from infrastructure.demo.report import EffectCount, Report

_ORDERS = """
select coalesce(state || ': ' || cancel_reason, state) as state, count(*) as number
from shop.orders group by 1 order by min(array_position(array['paid', 'cancelled', 'placed'], state)), 1"""

_RETRIES = """
select count(*) from arrower.attempts as failed join arrower.finished_jobs as job on job.id = failed.job_id
where outcome = 'failed' and failed.attempt < job.attempt"""

_RESCUED_JOBS = """
select count(*) from (
    select from arrower.finished_jobs where rescues > 0 union all select from arrower.jobs where rescues > 0
) as rescued"""

# Each effect has a key that should be there once. What is there, and what should be, are counted apart.
_EFFECTS = """
with expected (effect, order_id, item) as (
    select 'receipts sent', id, '' from shop.orders where state = 'paid'
    union all
    select 'order lines set aside in stock', order_id, article from shop.order_lines
    union all
    select 'payments collected', id, '' from shop.orders where state = 'paid'
    union all
    select 'cancellations sent', id, '' from shop.orders where state = 'cancelled'
    union all
    select 'order lines put back in stock', order_id, article
    from shop.order_lines join shop.orders on id = order_id where state = 'cancelled'
    union all
    select 'orders paid or cancelled', id, '' from shop.orders
), done (effect, order_id, item) as (
    select case kind when 'receipt' then 'receipts sent' else 'cancellations sent' end, order_id, ''
    from shop.letters
    union all
    select case when pieces < 0 then 'order lines set aside in stock' else 'order lines put back in stock' end,
           order_id, article
    from shop.stock_movements
    union all
    select 'payments collected', order_id, '' from shop.payments
    union all
    select 'orders paid or cancelled', id, '' from shop.orders where state <> 'placed'
), should as (
    select effect, order_id, item, count(*) as times from expected group by effect, order_id, item
), did as (
    select effect, order_id, item, count(*) as times from done group by effect, order_id, item
)
select effect as name,
       coalesce(sum(should.times), 0)::int as expected,
       coalesce(sum(did.times), 0)::int as found,
       coalesce(sum(greatest(coalesce(should.times, 0) - coalesce(did.times, 0), 0)), 0)::int as lost,
       coalesce(sum(greatest(coalesce(did.times, 0) - coalesce(should.times, 0), 0)), 0)::int as doubled
from should full join did using (effect, order_id, item)
group by effect
order by min(array_position(array['receipts sent', 'order lines set aside in stock', 'payments collected',
    'cancellations sent', 'order lines put back in stock', 'orders paid or cancelled'], effect))"""


async def report_of(pool: Pool, inspection: JobInspection, orders_in_file: int) -> Report:
    """Count what is there."""
    orders = {row["state"]: row["number"] for row in await pool.fetch(_ORDERS)}
    placed = sum(orders.values())
    return Report(
        orders=orders,
        jobs=await inspection.counts(),
        retries=await pool.fetchval(_RETRIES),
        rescued_jobs=await pool.fetchval(_RESCUED_JOBS),
        effects=[
            EffectCount("orders placed", orders_in_file, placed, orders_in_file - placed, 0),
            *(EffectCount(**dict(row)) for row in await pool.fetch(_EFFECTS)),
        ],
    )
