"""The names of the queues that have rows of a kind, however many rows there are."""

MOST_QUEUES = 1_000


def distinct_queues(table: str, condition: str) -> str:
    """Return SQL that jumps from one queue to the next in an index that begins with the queue."""
    first = f"select queue from {{schema}}.{table} where {condition}"
    return f"""
    select queue from (
        with recursive found as (
            ({first} order by queue limit 1)
            union all
            select (select queue from {{schema}}.{table} where {condition} and queue > found.queue
                    order by queue limit 1)
            from found where queue is not null
        ) select queue from found where queue is not null limit {MOST_QUEUES}) as each_once"""
