"""Creating the tables of the example."""

from importlib.resources import files

from adapters.postgres.driver import Pool

_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('shop'))"


async def create_tables(pool: Pool) -> None:
    """Create what is not there yet, in one transaction. Safe when many processes call it at once.

    Your own business will want numbered migrations, by a tool of your choice; the queue has its own.
    """
    statements = (files("adapters.postgres.orders") / "tables.sql").read_text(encoding="utf-8")
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_ONE_AT_A_TIME)
        await connection.execute(statements)
