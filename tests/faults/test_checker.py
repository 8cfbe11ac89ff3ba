"""The checker finds what must not be: each history here has one thing wrong with it."""

from dataclasses import replace

import pytest

from tests.faults.checker import Evidence, violations
from tests.faults.history import Began, CalledOff, Deleted, Ended, Enqueued, Event, History, Outcome, Wrote
from tests.faults.tables import Effect, StoredAttempt, StoredJob, Tables

LAMP = Enqueued("LAMP", Outcome.COMMITTED, run_at=10.0)
LOST_COMMIT = Enqueued("RUG", Outcome.UNKNOWN)
CHAIR = Enqueued("CHAIR", Outcome.COMMITTED)
NEVER = Enqueued("VASE", Outcome.ROLLED_BACK)
FIRST, SECOND = 100, 200

GOOD = Evidence(
    History(
        [
            LAMP,
            LOST_COMMIT,
            NEVER,
            Began("LAMP", 1, FIRST, at=11.0),
            Ended("LAMP", 1, FIRST, "raised", at=11.5),
            Began("LAMP", 2, SECOND, at=12.0),
            Wrote("LAMP", 2, SECOND, at=12.2),
            Ended("LAMP", 2, SECOND, "returned", at=13.0),
            Began("LAMP/2", 1, SECOND, at=14.0),
            Ended("LAMP/2", 1, SECOND, "returned", at=14.0),
        ],
    ),
    Tables(
        [
            StoredJob(1, "LAMP", "completed", 2, follow_up="LAMP/2"),
            StoredJob(2, "LAMP/2", "completed", 1, writes=False),
        ],
        [StoredAttempt("LAMP", 1, "failed")],
        [Effect("LAMP", 2)],
    ),
    max_attempts=2,
)


def seen(*events: Event) -> Evidence:
    """Add events to the good history."""
    return replace(GOOD, history=History([*GOOD.history.events, *events]))


def stored(tables: Tables) -> Evidence:
    """Put other tables beside the good history."""
    return replace(GOOD, tables=tables)


def with_job(job: StoredJob) -> Evidence:
    """Store one job more."""
    return stored(replace(GOOD.tables, jobs=[*GOOD.tables.jobs, job]))


def with_lamp(lamp: StoredJob) -> Evidence:
    """Store the lamp otherwise."""
    return stored(replace(GOOD.tables, jobs=[lamp, GOOD.tables.jobs[1]]))


LAMP_ROW, FOLLOW_UP_ROW = GOOD.tables.jobs

BAD = [
    pytest.param(seen(CHAIR), "CHAIR was committed, never began", id="lost"),
    pytest.param(
        seen(CHAIR, Began("CHAIR", 1, FIRST)),
        "1 jobs that began or were called off are gone, and 0 were pruned",
        id="lost after it began",
    ),
    pytest.param(
        with_job(StoredJob(3, "VASE", "cancelled", 0)), "VASE was rolled back and is stored", id="rolled back"
    ),
    pytest.param(seen(Began("VASE", 1, FIRST)), "VASE was rolled back and began", id="rolled back and run"),
    pytest.param(seen(Deleted("LAMP", at=15.0)), "LAMP was deleted and is stored", id="deleted and there"),
    pytest.param(
        seen(CHAIR, Deleted("CHAIR", at=15.0), Began("CHAIR", 1, FIRST, at=15.1)),
        "CHAIR was deleted and began attempt 1",
        id="deleted and run",
    ),
    pytest.param(seen(CHAIR, *[Deleted("CHAIR")] * 2), "CHAIR was deleted 2 times", id="deleted twice"),
    pytest.param(seen(Deleted("VASE")), "VASE was rolled back and could be deleted", id="rolled back and deleted"),
    pytest.param(with_job(LAMP_ROW), "LAMP is stored 2 times", id="stored twice"),
    pytest.param(with_job(StoredJob(3, "GHOST", "dead", 1)), "nobody enqueued it", id="out of nowhere"),
    pytest.param(
        stored(replace(GOOD.tables, jobs=[LAMP_ROW])),
        "its follow-up is missing",
        id="follow-up lost",
    ),
    pytest.param(
        stored(replace(GOOD.tables, jobs=[replace(LAMP_ROW, state="dead"), FOLLOW_UP_ROW], effects=[])),
        "its follow-up exists",
        id="follow-up of a dead job",
    ),
    pytest.param(stored(replace(GOOD.tables, effects=[])), "0 effects instead of 1", id="no effect"),
    pytest.param(stored(replace(GOOD.tables, effects=[Effect("LAMP", 2)] * 2)), "2 effects", id="effect doubled"),
    pytest.param(with_lamp(replace(LAMP_ROW, state="dead")), "1 effects instead of 0", id="effect of a dead job"),
    pytest.param(
        stored(replace(GOOD.tables, effects=[*GOOD.tables.effects, Effect("VASE", 1)])),
        "VASE has 1 effects and is not stored",
        id="effect of nothing",
    ),
    pytest.param(
        stored(replace(GOOD.tables, effects=[Effect("LAMP", 1)])),
        "its effect is of 1",
        id="effect of a stale attempt",
    ),
    pytest.param(
        replace(GOOD, history=History([e for e in GOOD.history.events if not isinstance(e, Ended)])),
        "which never returned",
        id="completed without a return",
    ),
    pytest.param(seen(Began("LAMP", 3, FIRST)), "began attempt 3 of 2", id="too many attempts"),
    pytest.param(seen(Began("LAMP", 0, FIRST)), "began attempt 0 of 2", id="attempt zero"),
    pytest.param(with_lamp(replace(LAMP_ROW, attempt=3)), "stored with attempt 3 of 2", id="attempt beyond max"),
    pytest.param(
        stored(replace(GOOD.tables, attempts=[StoredAttempt("LAMP", n, "died") for n in (1, -1, -2)])),
        "3 attempts in its history of 2",
        id="history beyond max",
    ),
    pytest.param(
        stored(replace(GOOD.tables, attempts=[StoredAttempt("LAMP", 2, "failed")])),
        "attempt 2 of LAMP ended 2 times",
        id="failed and completed",
    ),
    pytest.param(seen(Began("LAMP", 1, FIRST, at=9.75)), "LAMP began 0.250 s early", id="early"),
    pytest.param(
        replace(seen(Began("LAMP", 3, FIRST)), max_attempts=3),
        "ended with attempt 2 and began attempt 3",
        id="run after its end",
    ),
    pytest.param(
        seen(Wrote("LAMP", 1, FIRST, at=11.0), Ended("LAMP", 1, FIRST, "returned", at=12.5)),
        "two attempts of LAMP held it",
        id="two could commit",
    ),
    pytest.param(replace(GOOD, pruned=1), "0 jobs that began or were called off are gone, and 1", id="pruned too many"),
    pytest.param(with_job(StoredJob(3, "RUG", "dead", 1)), "RUG is dead after attempt 1 of 2", id="dead too soon"),
    pytest.param(with_job(StoredJob(3, "RUG", "cancelled", 0)), "nobody called it off", id="cancelled by nobody"),
    pytest.param(with_job(StoredJob(3, "RUG", "running", 1)), "1 jobs are not done", id="never done"),
]


def test_a_good_history_has_no_violations() -> None:
    """A failure, a retry, a follow-up, a commit whose answer was lost: all of that is in order."""
    assert violations(GOOD) == []


@pytest.mark.parametrize(("evidence", "said"), BAD)
def test_a_bad_history_is_found_out(evidence: Evidence, said: str) -> None:
    """The violation is told in a sentence."""
    found = violations(evidence)

    assert any(said in violation for violation in found), found


def test_a_commit_without_an_answer_may_have_happened() -> None:
    """Both are in order: the job is there, and it is not."""
    row = StoredJob(3, "RUG", "dead", 2)

    assert violations(GOOD) == []
    assert violations(with_job(row)) == []


def test_jobs_that_were_called_off_may_be_cancelled_and_pruned() -> None:
    """Before they began, or while they ran; and they complete where their attempt ends before."""
    called_off = seen(CHAIR, CalledOff("CHAIR"), CalledOff("LAMP"))
    cancelled = replace(called_off.tables, jobs=[*GOOD.tables.jobs, StoredJob(3, "CHAIR", "cancelled", 0)])

    assert violations(replace(called_off, tables=cancelled)) == []
    assert violations(replace(called_off, pruned=1)) == []


def test_pruned_jobs_are_not_lost_and_keep_their_effect() -> None:
    """As many as the test says, and no more."""
    tables = Tables([FOLLOW_UP_ROW], [], GOOD.tables.effects)
    history = History([*GOOD.history.events, Enqueued("LAMP/2", Outcome.COMMITTED)])

    assert violations(Evidence(history, tables, 2, pruned=1)) == []
    assert violations(Evidence(history, tables, 2)) != []


def test_deleted_jobs_are_not_lost() -> None:
    """One that never began, one that completed and left its effect, and a follow-up."""
    follow_up = Enqueued("LAMP/2", Outcome.COMMITTED)
    begun = seen(CHAIR, Deleted("CHAIR", at=15.0), follow_up, Deleted("LAMP", at=15.0))
    tables = Tables([FOLLOW_UP_ROW], [], GOOD.tables.effects)

    assert violations(replace(begun, tables=tables)) == []
    assert violations(replace(seen(Deleted("LAMP/2", at=15.0)), tables=replace(GOOD.tables, jobs=[LAMP_ROW]))) == []


def test_an_attempt_that_was_handed_back_comes_again_with_its_number() -> None:
    """Also in the same process; what it wrote the first time was rolled back."""
    again = seen(Wrote("LAMP", 2, SECOND, at=13.2), Ended("LAMP", 2, SECOND, "returned", at=13.5))

    assert violations(again) == []


def test_a_process_that_was_frozen_may_begin_late_but_not_commit() -> None:
    """It runs into the fence, and that is where it stops."""
    begun = replace(seen(Began("LAMP", 3, FIRST)), max_attempts=3, frozen=frozenset({FIRST}))
    committed = replace(begun, tables=replace(begun.tables, effects=[Effect("LAMP", 2), Effect("LAMP", 3)]))

    assert violations(begun) == []
    assert violations(committed) != []
