"""The geometry of the charts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.charts.scale import nice_step, nice_top
from adapters.web.charts.sparkline import sparkline
from adapters.web.charts.throughput import HEIGHT, throughput_chart
from adapters.web.charts.timeline import WIDTH, SpanKind, timeline
from application.jobs.job_store import WorkerId
from application.jobs.looking import AttemptOutcome, AttemptRecord, Bucket, JobRecord
from domain.jobs import JobId, JobState

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STEP = timedelta(seconds=10)


def at(seconds: float) -> datetime:
    """Return the instant so long after noon."""
    return NOON + timedelta(seconds=seconds)


def a_bucket(completed: int, failed: int = 0) -> Bucket:
    """Return what ended in ten seconds."""
    return Bucket(NOON, completed, failed, 0, 0)


def an_attempt(begin: float, end: float | None, outcome: AttemptOutcome = AttemptOutcome.FAILED) -> AttemptRecord:
    """Return an attempt between two seconds after noon."""
    finished = None if end is None else at(end)
    return AttemptRecord(1, "web-1", "app-1", "1", WorkerId(1), at(begin), finished, outcome, None, None)


def a_job(
    state: JobState,
    attempts: Sequence[AttemptRecord] = (),
    *,
    due: float = 0,
    ended: float | None = None,
    seen: float = 100,
) -> JobRecord:
    """Return a job that was enqueued at noon."""
    return JobRecord(
        id=JobId(1),
        queue="",
        type="receipt",
        payload="{}",
        state=state,
        priority=0,
        run_at=at(due),
        attempt=len(attempts),
        enqueued_at=NOON,
        finished_at=None if ended is None else at(ended),
        carrier=None,
        cancel_requested_at=None,
        queue_paused_at=None,
        attempts=tuple(attempts),
        seen_at=at(seen),
    )


class TestScale:
    """Where an axis ends."""

    @pytest.mark.parametrize(
        ("highest", "top"), [(0, 2), (1, 2), (3, 4), (7, 10), (10, 10), (11, 20), (61, 100), (4_001, 6_000)]
    )
    def test_at_a_round_number(self, highest: int, top: int) -> None:
        """Not far above what is shown."""
        assert nice_top(highest) == top

    @given(st.integers(0, 10**12))
    def test_never_below_what_is_shown(self, highest: int) -> None:
        """And it has a middle."""
        assert nice_top(highest) >= highest
        assert nice_top(highest) % 2 == 0

    @given(st.timedeltas(timedelta(microseconds=10), timedelta(days=36_500)), st.integers(1, 20))
    def test_has_no_more_marks_than_there_is_room_for(self, length: timedelta, most: int) -> None:
        """Nor so few that they tell nothing."""
        assert 0 < length / nice_step(length, most) <= most * 1.001

    @pytest.mark.parametrize(
        ("seconds", "step"), [(900, 180), (3_600, 600), (21_600, 3_600), (86_400, 14_400), (173, 30), (0.05, 0.01)]
    )
    def test_is_marked_in_round_steps(self, seconds: float, step: float) -> None:
        """As people count time."""
        assert nice_step(timedelta(seconds=seconds), 6) == timedelta(seconds=step)


class TestThroughput:
    """Bars."""

    def test_stay_within_their_rows(self) -> None:
        """One among thousands is still seen."""
        chart = throughput_chart([a_bucket(5_000), a_bucket(1), a_bucket(0, 3)], STEP)

        assert list(chart.completed.heights) == [pytest.approx(5_000 / 6_000 * HEIGHT), 1.5, 0]
        assert (chart.completed.total, chart.failed.total, chart.failed.top) == (5_001, 3, 4)

    def test_of_no_time_at_all(self) -> None:
        """There is nothing to divide by."""
        assert throughput_chart([], STEP).width > 0
        assert throughput_chart([], STEP).marks == []
        assert [mark.time for mark in throughput_chart([a_bucket(1)], STEP).marks] == [NOON]

    def test_are_marked_at_round_times(self) -> None:
        """Wherever the window begins."""
        buckets = [Bucket(at(10 * n), n, 0, 0, 0) for n in range(7, 97)]
        marks = throughput_chart(buckets, STEP).marks

        assert [(mark.time - NOON).total_seconds() / 60 for mark in marks] == [3, 6, 9, 12, 15]
        assert [round(mark.share, 1) for mark in marks] == [12.2, 32.2, 52.2, 72.2, 92.2]


def test_a_sparkline_marks_where_something_failed() -> None:
    """And is a line where nothing happened."""
    line = sparkline([a_bucket(0), a_bucket(10, 1), a_bucket(5)])

    assert line.curve == "0.0,21.0 50.0,2.0 100.0,11.5"
    assert line.faults == [50.0]
    assert sparkline([]).curve == "0.0,21.0 100.0,21.0"


class TestTimeline:
    """A job's life."""

    def test_of_a_job_that_waits(self) -> None:
        """For its time first, then for a worker."""
        line = timeline(a_job(JobState.READY, due=40, seen=100))

        assert [(span.kind, span.length.total_seconds()) for span in line.spans] == [
            (SpanKind.SCHEDULED, 40),
            (SpanKind.READY, 60),
        ]
        assert (line.waited, line.ran) == (timedelta(seconds=100), timedelta(0))

    def test_of_a_job_that_was_retried(self) -> None:
        """Each attempt where it was, to the end of the last."""
        attempts = [an_attempt(10, 20), an_attempt(50, 60, AttemptOutcome.COMPLETED)]
        line = timeline(a_job(JobState.COMPLETED, attempts, due=45, ended=60, seen=5_000))

        assert [(span.outcome, round(span.x), round(span.width)) for span in line.spans] == [
            ("ready", 0, 167),
            ("failed", 167, 167),
            ("scheduled", 333, 417),
            ("ready", 750, 83),
            ("completed", 833, 167),
        ]
        assert (line.waited.total_seconds(), line.ran.total_seconds()) == (40, 20)
        assert line.to_scale
        assert line.end == at(60)

    def test_of_a_job_that_runs(self) -> None:
        """Up to now."""
        line = timeline(a_job(JobState.RUNNING, [an_attempt(10, None, AttemptOutcome.RUNNING)], seen=30))

        assert (line.spans[-1].outcome, line.spans[-1].length) == ("running", timedelta(seconds=20))

    def test_names_attempts_where_there_is_room_and_times_where_it_is_to_scale(self) -> None:
        """Neither is in the way of another."""
        long = timeline(
            a_job(JobState.DEAD, [an_attempt(*span) for span in ((10, 20), (40, 44), (44.5, 45), (80, 100))])
        )
        short = timeline(a_job(JobState.DEAD, [an_attempt(3_599.999, 3_600)], seen=3_600))

        assert [span.place for span in long.spans if span.is_named] == [1, 2, 4]
        assert [(mark.length.total_seconds(), mark.share) for mark in long.marks] == [(30, 30), (60, 60)]
        assert list(short.marks) == []

    def test_says_where_it_is_not_to_scale(self) -> None:
        """An attempt of a millisecond in a week must be seen."""
        attempts = [an_attempt(604_800, 604_800.001, AttemptOutcome.COMPLETED)]
        line = timeline(a_job(JobState.COMPLETED, attempts, ended=604_800.001))

        assert line.spans[-1].width > 4
        assert not line.to_scale

    def test_shows_the_last_of_very_many_attempts(self) -> None:
        """And says how many are left out."""
        attempts = [an_attempt(n, n + 0.5) for n in range(1, 501)]
        line = timeline(a_job(JobState.DEAD, attempts, ended=500.5))

        assert line.left_out == 440
        assert line.spans[-1].place == 500

    @given(
        st.lists(st.tuples(st.floats(-5, 50), st.floats(-5, 50)), max_size=70),
        st.floats(-100, 10_000),
        st.sampled_from(JobState),
    )
    def test_has_a_place_for_everything(self, spans: list[tuple[float, float]], due: float, state: JobState) -> None:
        """Whatever the clocks of workers told: within the line, one after the other."""
        attempts = [an_attempt(begin, begin + length) for begin, length in spans]
        line = timeline(a_job(state, attempts, due=due, seen=3))

        for before, after in zip(line.spans, line.spans[1:], strict=False):
            assert after.x == pytest.approx(before.x + before.width, abs=0.1)
        assert all(span.width >= 0 and span.length >= timedelta(0) for span in line.spans)
        assert sum(span.width for span in line.spans) == pytest.approx(WIDTH if line.spans else 0, abs=2)
