"""Errors as text that a database can hold."""

from application.jobs.error_report import report


def raised(error: BaseException) -> BaseException:
    """Give the error a traceback."""
    try:
        raise error
    except BaseException as caught:  # noqa: BLE001  # any kind
        return caught


def test_a_report_names_the_error_and_the_place() -> None:
    """The message is for a list, the traceback for whoever fixes it."""
    described = report(raised(ValueError("out of paper")))

    assert described.message == "ValueError: out of paper"
    assert "in raised" in described.traceback


def test_a_nul_character_is_shown_and_not_stored() -> None:
    """PostgreSQL refuses NUL in text."""
    described = report(raised(ValueError("a\0b")))

    assert "\0" not in described.message + described.traceback
    assert "a␀b" in described.message


def test_a_lone_surrogate_is_replaced() -> None:
    """It has no UTF-8."""
    described = report(raised(ValueError("\ud800!")))

    assert described.message.encode().decode() == "ValueError: ?!"


def test_a_message_of_a_megabyte_is_cut_in_the_middle() -> None:
    """Its beginning and its end tell the most."""
    described = report(raised(ValueError("begin" + "x" * 1_000_000 + "end")))

    assert len(described.message) < 1_100
    assert len(described.traceback) < 16_100
    assert described.message.startswith("ValueError: begin")
    assert described.message.endswith("end")
    assert "characters left out" in described.message


def test_an_error_that_cannot_be_printed_is_reported_all_the_same() -> None:
    """A job func may raise anything."""

    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "Mute" in report(raised(Mute())).message
