"""Workers that are frozen, or too busy to beat, and wake up when their jobs are done elsewhere."""

import signal

import pytest

from tests.faults.act import Act
from tests.faults.scene import Scene

LOST_ATTEMPTS = """
select payload->>'name', ended.attempt from arrower.attempts as ended join arrower.finished_jobs as job on id = job_id
where outcome = 'died' and payload->>'name' in ('HELD', 'THOUGHT') order by 1, 2"""


async def test_a_frozen_worker_that_wakes_up_writes_nothing(scene: Scene) -> None:
    """Frozen with an open transaction; the jobs are done elsewhere; it cancels them, says so, and goes on working.

    What it had claimed ahead it does not even begin.
    """
    sleeper = scene.crew.start(pool_size=2)
    await scene.enqueue(*[Act(f"WARM-UP-{n}", writes=False) for n in range(50)])
    await scene.done()
    await scene.enqueue(
        Act("HELD", trouble="hold", seconds=60, until=1),
        Act("THOUGHT", writes=False, trouble="sleep", seconds=60, until=1),
        *[Act(f"BUFFERED-{n}") for n in range(3)],
    )
    await scene.writes("HELD")
    await scene.begins("THOUGHT")
    await scene.sees(lambda claimed: claimed == 5, "select count(*) from arrower.jobs where state = 'running'")
    sleeper.signal(signal.SIGSTOP)

    helper = scene.crew.start()
    await scene.done()
    helper.end()
    sleeper.signal(signal.SIGCONT)
    await sleeper.says("was taken for dead after its lease")
    await sleeper.says("was lost: the job belongs to another attempt now", times=2)
    await scene.enqueue(Act("AFTERWARDS"))
    await scene.done()

    cancelled = [e.name for e in scene.history.ended if e.worker == sleeper.pid and e.how == "cancelled"]
    assert sorted(cancelled) == ["HELD", "THOUGHT"]
    begun = [e.name for e in scene.history.began if e.worker == sleeper.pid and not e.name.startswith("WARM-UP")]
    assert sorted(begun) == ["AFTERWARDS", "HELD", "THOUGHT"]
    lost = [tuple(row) for row in await scene.pool.fetch(LOST_ATTEMPTS)]
    assert lost == [("HELD", 1), ("THOUGHT", 1)]
    await scene.check(frozen=frozenset({sleeper.pid}))


@pytest.mark.faults
async def test_a_worker_frozen_again_and_again_under_load_doubles_nothing(scene: Scene) -> None:
    """Each time longer than its lease, while another works."""
    await scene.enqueue(*[Act(f"SLOW-{n}", seconds=0.02) for n in range(150)])
    sleeper = scene.crew.start(lease=1.0)
    await scene.begins("SLOW-3")
    scene.crew.start(lease=1.0, pool_size=1)
    for number in (1, 2):
        await scene.has_workers(2)
        sleeper.signal(signal.SIGSTOP)
        await scene.has_workers(1)
        sleeper.signal(signal.SIGCONT)
        await sleeper.says("was taken for dead after its lease", times=number)

    await scene.done()

    await scene.check(frozen=frozenset({sleeper.pid}))


async def test_an_event_loop_blocked_for_longer_than_the_lease_doubles_nothing(scene: Scene) -> None:
    """The job func computes, cannot beat meanwhile, and then tries to write."""
    for _ in range(2):
        scene.crew.start(lease=1.0)
    await scene.has_workers(2)
    await scene.enqueue(Act("COMPUTE", trouble="block", seconds=2.5, until=1), *[Act(f"LAMP-{n}") for n in range(10)])
    blocked = scene.crew.of(await scene.begins("COMPUTE"))

    await blocked.says("was taken for dead after its lease")
    await scene.done()

    await scene.check(frozen=frozenset({blocked.pid}))
    assert [a.attempt for a in scene.history.began if a.name == "COMPUTE"] == [1, 2]


async def test_a_commit_behind_a_blocked_event_loop_doubles_nothing(scene: Scene) -> None:
    """It has written, and blocks before it returns: the rescue ends its session, so its commit fails."""
    for _ in range(2):
        scene.crew.start(lease=1.0)
    await scene.has_workers(2)
    await scene.enqueue(Act("COMPUTE", trouble="block after writes", seconds=2.5, until=1))
    blocked = scene.crew.of(await scene.writes("COMPUTE"))

    await blocked.says("of job 1 (act) was lost")
    await scene.done()

    await scene.check(frozen=frozenset({blocked.pid}))
    assert [a.attempt for a in scene.history.began if a.name == "COMPUTE"] == [1, 2]
