"""What is not public of asyncpg is looked for before anything is done with it."""

from collections.abc import Iterator

import asyncpg
import pytest

from adapters.postgres import PostgresQueue, PostgresUnitOfWork, driver


@pytest.fixture(autouse=True)
def _look_again() -> Iterator[None]:
    driver.check_driver.cache_clear()
    yield
    driver.check_driver.cache_clear()


async def test_the_installed_driver_has_all_that_is_relied_on() -> None:
    """Whichever version it is."""
    driver.check_driver()


@pytest.mark.parametrize("what", [PostgresQueue, PostgresUnitOfWork])
async def test_a_driver_that_lacks_something_is_refused_at_the_start(
    what: type,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error says what is missing, in which version, and what to do."""
    pool = asyncpg.create_pool("postgresql://nobody@nowhere/nothing")
    monkeypatch.delattr(asyncpg.Pool, "_get_new_connection")

    with pytest.raises(RuntimeError, match=rf"asyncpg {asyncpg.__version__} has no Pool\._get_new_connection.*install"):
        what(pool)
