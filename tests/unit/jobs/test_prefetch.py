"""How many jobs are claimed ahead."""

from application.jobs.prefetch import Prefetch


def work(prefetch: Prefetch, jobs: int, seconds_each: float) -> None:
    """Run jobs one after the other."""
    now = 100.0
    for _ in range(jobs):
        prefetch.jobs_started(now)
        now += seconds_each
        prefetch.jobs_ended(1, now, idle=True)


def test_a_pool_that_has_not_worked_claims_what_it_can_start() -> None:
    """Nothing is known of the jobs, so none is taken away from other workers."""
    assert Prefetch(pool_size=10).limit(running=0, buffered=0) == 10


def test_slow_jobs_are_not_claimed_ahead() -> None:
    """At two jobs a second, the next one is claimed when a place is free."""
    prefetch = Prefetch(pool_size=10)

    work(prefetch, jobs=20, seconds_each=0.5)

    assert prefetch.limit(running=10, buffered=0) == 0
    assert prefetch.limit(running=7, buffered=0) == 3


def test_fast_jobs_are_claimed_a_tenth_of_a_second_ahead() -> None:
    """At a thousand jobs a second, a hundred are wanted beside those that start at once."""
    prefetch = Prefetch(pool_size=10)

    work(prefetch, jobs=100, seconds_each=0.001)

    assert prefetch.limit(running=0, buffered=0) in range(105, 112)


def test_no_claim_is_made_while_half_of_them_are_at_hand() -> None:
    """Otherwise each job that ends would cause a claim of one."""
    prefetch = Prefetch(pool_size=10)

    work(prefetch, jobs=100, seconds_each=0.001)

    assert prefetch.limit(running=10, buffered=60) == 0
    assert prefetch.limit(running=10, buffered=40) > 0


def test_a_claim_of_a_thousand_does_not_wait_for_more() -> None:
    """It is as cheap as can be, and a pool that waits until half of them have started runs dry meanwhile."""
    prefetch = Prefetch(pool_size=10)

    work(prefetch, jobs=1_000, seconds_each=0.00001)

    assert prefetch.limit(running=10, buffered=3_100) == 0
    assert prefetch.limit(running=10, buffered=2_900) >= 1_000


def test_the_number_is_bounded() -> None:
    """However fast jobs are, a process that dies must not have the whole queue in its hands."""
    prefetch = Prefetch(pool_size=10, most=500)

    work(prefetch, jobs=100, seconds_each=0.000001)

    assert prefetch.limit(running=10, buffered=0) == 500


def test_waiting_for_jobs_does_not_count_as_slow_jobs() -> None:
    """A pause between jobs says nothing about how long they take."""
    prefetch = Prefetch(pool_size=10)

    for start in (0.0, 1_000.0):
        for n in range(50):
            prefetch.jobs_started(start + n * 0.001)
            prefetch.jobs_ended(1, start + (n + 1) * 0.001, idle=True)

    assert prefetch.limit(running=10, buffered=0) >= 50


def test_a_place_in_the_pool_holds_a_whole_batch() -> None:
    """A pool of two with batches of a hundred claims two hundred."""
    assert Prefetch(pool_size=2).limit(running=0, buffered=0, jobs_at_once=100) == 200
