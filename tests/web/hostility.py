"""Jobs, queues and workers by somebody who means harm, or is only very thorough."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from application.jobs.job_store import ErrorReport
from domain.jobs import JobId
from tests.worlds import MemoryWorld, World

SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
BREAKOUT = "\"'><svg onload=\"document.title='taken'\">{{ 7 * 7 }}${7 * 7}</title></textarea></script>"
TURNED = "\u202egnp.tpircs\u202c\u2066"
HOST = "<b>ip-10-0-120-17.eu-central-1.compute.internal</b>" * 4
QUEUE = f"{BREAKOUT}&state=dead#?%2F../"[:100]


@dataclass(frozen=True)
class Bad:
    """Has it in its type, too."""

    job_type: ClassVar[str] = (SCRIPT + BREAKOUT)[:200]
    name: str
    more: dict[str, str]


async def let_in(world: World) -> JobId:
    """Write all of it wherever something can be written. Returns a job that is dead."""
    queue = world.queue(QUEUE)
    worker = await world.worker({Bad.job_type: 1}, QUEUE, BREAKOUT + SCRIPT, timedelta(days=1), version=SCRIPT)
    job_id = await queue.enqueue(Bad(SCRIPT + TURNED, {BREAKOUT: SCRIPT, "password": SCRIPT}))
    if isinstance(world, MemoryWorld):
        for registered in world.database.workers:
            registered.host = HOST
    job = await worker.claim_one()
    await worker.store.bury(worker.ended(job), ErrorReport(f"{SCRIPT}: {BREAKOUT}", f"{SCRIPT}\n{BREAKOUT}\n" * 3))
    await queue.enqueue([Bad("x" * 5_000, {}), Bad(SCRIPT, {"a" * 300: "b" * 300})])
    return job_id
