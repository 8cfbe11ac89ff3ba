"""What `arrower worker` does: find the queues, and work them in this process or in several."""

import os
from collections.abc import Generator
from contextlib import contextmanager

from adapters.cli import WorkOrder, WrongUse
from infrastructure.database_errors import told_plainly
from infrastructure.event_loop import run
from infrastructure.logs import configure_logging
from infrastructure.settings import Settings
from infrastructure.settings_errors import understood_settings
from infrastructure.supervisor import supervise
from infrastructure.worker import work as work_here
from infrastructure.workshop import WorkshopNotFound, find_workshop

_DSN = "ARROWER_DSN"


def work(dsn: str | None, order: WorkOrder) -> int:
    """Work until asked to stop, and return the exit code. Raises `CommandFailed`."""
    if dsn:
        os.environ[_DSN] = dsn  # where the settings of a container look for it
    with _understood_target():
        workshop = find_workshop(order.target)
    with understood_settings():
        configure_logging(Settings().log_level)
    if order.processes > 1:
        return run(supervise(order))
    with told_plainly(dsn or ""), understood_settings(), _understood_target():
        run(work_here(workshop, order.queues, order.grace, ends_with_input=order.ends_with_input))
    return 0


@contextmanager
def _understood_target() -> Generator[None]:
    try:
        yield
    except WorkshopNotFound as error:
        raise WrongUse(str(error)) from error
