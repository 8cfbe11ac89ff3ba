"""Failures in a row, and which of them are worth a line in the log."""

from application.jobs.loop import Complaints


def test_the_same_is_said_once_a_minute() -> None:
    """However often it is tried."""
    complaints = Complaints()

    said = [second for second in range(0, 181, 5) if complaints.are_due("no route to host", 1_000.0 + second)]

    assert said == [0, 60, 120, 180]


def test_what_is_new_is_said_at_once() -> None:
    """And so is the first one that comes back."""
    complaints = Complaints()

    said = [complaints.are_due(text, 1_000.0 + second) for second, text in enumerate("AABBA")]

    assert said == [True, False, True, False, True]
