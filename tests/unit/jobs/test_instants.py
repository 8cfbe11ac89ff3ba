"""Instants as numbers."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.jobs.instants import datetime_of, instant_of


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_instant_comes_back_exactly(moment: datetime) -> None:
    """To the microsecond, in all years that Python knows."""
    assert datetime_of(instant_of(moment)) == moment


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_instants_have_the_order_of_time(one: datetime, other: datetime) -> None:
    """Claims go by it."""
    assert (instant_of(one) < instant_of(other)) == (one < other)
    assert instant_of(one) - instant_of(other) == (one - other) // timedelta(microseconds=1)


@pytest.mark.parametrize("hours", [-11, 0, 14])
def test_the_zone_makes_no_difference(hours: int) -> None:
    """The epoch is one instant everywhere."""
    assert instant_of(datetime(1970, 1, 1, tzinfo=UTC).astimezone(timezone(timedelta(hours=hours)))) == 0
    assert datetime_of(0).tzinfo is UTC
