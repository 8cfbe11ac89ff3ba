"""When a failed job is tried again."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.jobs import RetryPolicy


def test_the_pauses_follow_the_published_formula() -> None:
    """Without jitter the n-th pause is 1.6 to the n, in seconds."""
    policy = RetryPolicy(jitter=0)

    pauses = [policy.delay(n).total_seconds() for n in (1, 2, 3)]

    assert pauses == pytest.approx([1.6, 2.56, 4.096])


def test_the_pauses_never_pass_the_cap() -> None:
    """After the 17th failure, and after the 30,000th, the pause is an hour."""
    policy = RetryPolicy(jitter=0)

    assert policy.delay(18) == timedelta(hours=1)
    assert policy.delay(30_000) == timedelta(hours=1)


@given(failed=st.integers(1, 32_767), seed=st.integers())
def test_jitter_spreads_a_pause_by_a_fifth_at_most(failed: int, seed: int) -> None:
    """Whatever the dice say, the pause stays within ± 20 %, to the microsecond."""
    exact = RetryPolicy(jitter=0).delay(failed)

    pause = RetryPolicy().delay(failed, Random(seed))

    assert exact * 0.8 - timedelta(microseconds=1) <= pause <= exact * 1.2 + timedelta(microseconds=1)


def test_the_same_seed_gives_the_same_pauses() -> None:
    """A seeded source of randomness makes delays repeatable."""
    policy = RetryPolicy()

    first, second = ([policy.delay(n, Random(7)) for n in range(1, 9)] for _ in range(2))

    assert first == second


def test_attempts_are_used_up_at_the_maximum() -> None:
    """Of three attempts, the second may be followed by another, the third not."""
    policy = RetryPolicy(max_attempts=3)

    assert policy.allows_another(2)
    assert not policy.allows_another(3)


@pytest.mark.parametrize(
    "options",
    [
        {"max_attempts": 0},
        {"max_attempts": 32_768},
        {"base": timedelta(seconds=-1)},
        {"cap": timedelta(days=4000)},
        {"factor": 0.5},
        {"factor": float("nan")},
        {"jitter": 1.5},
    ],
)
def test_a_policy_out_of_range_is_refused(options: dict[str, object]) -> None:
    """Each option has a range, and the error names it."""
    with pytest.raises(ValueError, match="must be"):
        RetryPolicy(**options)  # type: ignore[arg-type]  # wrong on purpose
