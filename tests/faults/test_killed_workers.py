"""Workers that are killed, at every point where it could matter."""

import random
import signal
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.act import Act
from tests.faults.break_points import POINTS
from tests.faults.load import under_load
from tests.faults.scene import Scene, ServerScene
from tests.worlds.deadline import eventually

LATER = [
    pytest.param(point, die_on, marks=pytest.mark.faults)
    for point in ("mid job func", "after writes", "before commit", "after commit")
    for die_on in (2, 5, 11)
]


def jobs(number: int, prefix: str = "LAMP") -> list[Act]:
    """Return jobs of all kinds: with effects, with follow-ups, and such that only think."""
    return [
        Act(f"{prefix}-{n}", writes=n % 3 > 0, follow_up=f"{prefix}-{n}/next" if n % 3 == 1 else None)
        for n in range(number)
    ]


@pytest.mark.parametrize(("point", "die_on"), [*((point, 1) for point in POINTS), *LATER])
async def test_a_worker_killed_at_any_point_loses_and_doubles_nothing(scene: Scene, point: str, die_on: int) -> None:
    """The first and a later time a point is reached; another worker is there to take over."""
    await scene.enqueue(*jobs(40))
    await scene.roll_back(Act("VASE"))
    victim = scene.crew.start(die_at=point, die_on=die_on)
    assert await victim.ends() == -signal.SIGKILL

    scene.crew.start()
    await scene.done()

    await scene.check()


async def test_jobs_that_only_lay_in_the_buffer_are_not_charged_for_the_death(scene: Scene) -> None:
    """One job kills four workers, each time with nine others in hand: twice they may have been it, then no more."""
    await scene.enqueue(Act("BOMB", trouble="exit"), *jobs(30))
    for _ in range(4):
        scene.crew.start(pool_size=10)

    await eventually(lambda: sum(worker.has_ended for worker in scene.crew.workers) == 4)
    scene.crew.start()
    await scene.done()

    await scene.check()
    states = await scene.states()
    assert states.pop("BOMB") == "dead"
    assert set(states.values()) == {"completed"}
    assert await scene.pool.fetchval("select max(rescues) from arrower.finished_jobs where state = 'completed'") == 4


@pytest.mark.faults
@pytest.mark.parametrize("trouble", ["exit", "segfault"])
async def test_a_job_that_ends_its_process_every_time_ends_dead(scene: Scene, trouble: str) -> None:
    """A supervisor starts the process anew each time, and the other jobs get done."""
    await scene.enqueue(*jobs(20, "BEFORE"), Act("BOMB", trouble=trouble), *jobs(20, "AFTER"))
    ends = 0
    worker = scene.crew.start(max_attempts=3)
    while not await scene.is_done():
        if worker.has_ended:
            ends += 1
            worker = scene.crew.start(max_attempts=3)
        await eventually(lambda: worker.has_ended or scene.is_done())  # noqa: B023  # asked at once

    await scene.check(max_attempts=3)
    states = await scene.states()
    assert ends == 3
    assert states.pop("BOMB") == "dead"
    assert set(states.values()) == {"completed"}


async def test_all_workers_killed_at_once(scene: Scene) -> None:
    """Under load; those that start later do the rest."""
    randomness = random.Random(4)
    await scene.enqueue(*[Act(f"SLOW-{n}", seconds=0.05) for n in range(100)])
    for _ in range(3):
        scene.crew.start()
    await scene.begins(f"SLOW-{randomness.randrange(20, 40)}")

    for worker in scene.crew.workers:
        worker.signal(signal.SIGKILL)
    scene.crew.start(pool_size=20)
    await scene.done()

    await scene.check()


async def test_jobs_that_are_operated_on_while_workers_are_killed_end_once(scene: Scene) -> None:
    """Deleted, cancelled, pruned: those that wait, those that run, and those that are done. Each is accounted for."""
    names = [f"SLOW-{n}" for n in range(60)]
    victim = scene.crew.start(die_at="after writes", die_on=5)
    scene.crew.start(pool_size=2)
    await scene.has_workers(2)
    await scene.enqueue(Act("TOMORROW"), Act("NEVER"), run_at=datetime.now(UTC) + timedelta(days=1))
    await scene.enqueue(*[Act(name, seconds=0.05) for name in names])

    await scene.begins("SLOW-2")
    deleted = [await scene.delete(name) for name in ["TOMORROW", *names[::3]]]
    cancelled = [await scene.cancel(name) for name in ["NEVER", *names[1::3]]]
    pruned = await scene.prune()
    await victim.ends()
    await scene.done()
    pruned += await scene.prune()
    await scene.enqueue(*[Act(f"LAST-{n}") for n in range(6)])
    await scene.done()
    late = [await scene.delete(f"LAST-{n}") for n in range(3)]

    assert deleted[0]
    assert cancelled[0]
    assert sum(deleted) > 1
    assert sum(cancelled) > 1
    assert all(late)
    await scene.check(pruned=pruned)


@pytest.mark.faults
@pytest.mark.timeout(150)
async def test_a_worker_killed_every_few_seconds_for_a_minute(server_scene: ServerScene) -> None:
    """Under load; a supervisor starts another each time."""
    scene, randomness = server_scene, random.Random(1)
    crew = scene.crew
    crew.start()
    crew.start()
    async with under_load(scene) as load:
        for _ in range(20):
            await load.commits(randomness.randrange(100, 200))
            randomness.choice([worker for worker in crew.workers if not worker.has_ended]).signal(signal.SIGKILL)
            crew.start()
    await scene.done(60)

    await scene.check()
