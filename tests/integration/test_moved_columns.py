"""A job that ends takes along what the two tables have in common."""

from adapters.postgres.driver import Pool
from adapters.postgres.schema import Schema

_IN_BOTH = """
select column_name from information_schema.columns where table_schema = 'arrower' and table_name = 'jobs'
intersect
select column_name from information_schema.columns where table_schema = 'arrower' and table_name = 'finished_jobs'"""

SAID_BY_EACH_STATEMENT = {"state", "rescues", "started_at"}


async def test_no_column_is_left_behind(pool: Pool) -> None:
    """Whoever adds a column to both is told to move it, too."""
    in_both = {row[0] for row in await pool.fetch(_IN_BOTH)}

    assert set(Schema().sql("{moved}").split(", ")) == in_both - SAID_BY_EACH_STATEMENT
