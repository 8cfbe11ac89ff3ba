"""Worker processes that are asked to end."""

import signal

import pytest

from tests.faults.act import Act
from tests.faults.scene import Scene
from tests.worlds.deadline import eventually


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
async def test_asked_to_end_it_finishes_what_runs_within_the_grace(scene: Scene, number: signal.Signals) -> None:
    """The running job commits, those that wait are left for others, and the process ends well."""
    await scene.enqueue(Act("RUNNING", trouble="hold", seconds=1.5), *[Act(f"NEXT-{n}") for n in range(5)])
    worker = scene.crew.start(pool_size=1, grace=20.0)
    await scene.writes("RUNNING")
    worker.signal(number)

    assert await worker.ends() == 0
    states = await scene.states()
    assert states.pop("RUNNING") == "completed"
    assert set(states.values()) == {"ready"}
    scene.crew.start()
    await scene.done()
    await scene.check()
    assert await scene.pool.fetchval("select max(attempt) from arrower.finished_jobs") == 1


async def test_after_the_grace_the_rest_is_free_at_once_and_uncounted(scene: Scene) -> None:
    """Another worker takes it over without waiting for a lease."""
    await scene.enqueue(Act("LONG", trouble="hold", seconds=60, until=1), Act("LAMP"))
    worker = scene.crew.start(lease=60.0, grace=0.2, pool_size=1)
    await scene.writes("LONG")
    worker.signal(signal.SIGTERM)

    assert await worker.ends() == 0
    assert await scene.pool.fetchval("select sum(attempt) from arrower.jobs") == 0
    assert set((await scene.states()).values()) == {"ready"}
    await scene.check(settled=False)


async def test_asked_twice_it_ends_at_once_and_others_do_its_jobs(scene: Scene) -> None:
    """What it was doing is rolled back."""
    await scene.enqueue(Act("LONG", trouble="hold", seconds=60, until=1), Act("LAMP"))
    worker = scene.crew.start(lease=60.0, grace=60.0)
    await scene.writes("LONG")

    def asked_again() -> bool:
        worker.signal(signal.SIGTERM)
        return worker.has_ended

    await eventually(asked_again)

    assert await worker.ends() == -signal.SIGTERM
    scene.crew.start()
    await scene.done()
    await scene.check()
