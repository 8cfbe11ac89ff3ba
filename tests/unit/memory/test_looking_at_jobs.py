"""A test can look at what waits, without taking it away."""

from datetime import timedelta

import pytest

from adapters.memory import InMemoryDatabase, InMemoryQueue, InMemoryUnitOfWork, ManualClock
from adapters.memory.store import InMemoryStore
from application.jobs.job_store import Enqueueing
from domain.jobs import UnreadablePayload
from tests.unit.memory.shop import GreetCustomer, ReserveStock, SendReceipt, WelcomeCustomer

TOMORROW = timedelta(days=1)


async def test_jobs_come_back_equal_but_are_not_the_objects_that_were_enqueued(queue: InMemoryQueue) -> None:
    """Memory stores values, as any database does."""
    job = SendReceipt("CRUNCHY-ARMCHAIR")
    await queue.enqueue(job)

    assert queue.jobs() == [job]
    assert queue.jobs()[0] is not job


async def test_jobs_are_listed_in_the_order_they_would_run(queue: InMemoryQueue, clock: ManualClock) -> None:
    """By priority, then run_at, then enqueue; those whose time has not come are last."""
    now = clock.now()
    await queue.enqueue(SendReceipt("in two days"), run_at=now + 2 * TOMORROW, priority=-9)
    await queue.enqueue(SendReceipt("tomorrow"), run_at=now + TOMORROW)
    await queue.enqueue([SendReceipt("third"), ReserveStock("fourth")])
    await queue.enqueue(SendReceipt("second"), run_at=now - TOMORROW)
    await queue.enqueue(ReserveStock("first"), priority=-1)

    assert queue.jobs() == [
        ReserveStock("first"),
        SendReceipt("second"),
        SendReceipt("third"),
        ReserveStock("fourth"),
        SendReceipt("tomorrow"),
        SendReceipt("in two days"),
    ]


async def test_a_job_that_has_become_due_is_listed_by_its_priority(queue: InMemoryQueue, clock: ManualClock) -> None:
    """The list is right at any time, also while no pool promotes what is due."""
    await queue.enqueue(SendReceipt("urgent tomorrow"), run_at=clock.now() + TOMORROW, priority=-1)
    await queue.enqueue(SendReceipt("now"))
    clock.advance(TOMORROW)

    assert queue.jobs() == [SendReceipt("urgent tomorrow"), SendReceipt("now")]


async def test_ready_and_scheduled_jobs_are_counted(queue: InMemoryQueue, clock: ManualClock) -> None:
    """Both wait."""
    await queue.enqueue([SendReceipt("A-1"), ReserveStock("SOFA")])
    await queue.enqueue(SendReceipt("A-2"), run_at=clock.now() + TOMORROW)

    assert queue.count() == 3
    assert queue.count_type(SendReceipt) == 2
    assert queue.enqueued_type(ReserveStock)
    assert not queue.enqueued_type(WelcomeCustomer)


async def test_jobs_under_a_former_name_belong_to_the_class_of_today(queue: InMemoryQueue) -> None:
    """As they do when they run."""
    await queue.enqueue(GreetCustomer("Ada"))

    assert queue.count_type(WelcomeCustomer) == 1


async def test_the_first_job_can_be_looked_at(queue: InMemoryQueue) -> None:
    """It stays where it is."""
    await queue.enqueue([ReserveStock("SOFA"), SendReceipt("A-1"), SendReceipt("A-2")])

    assert queue.get_first() == ReserveStock("SOFA")
    assert queue.get_first(SendReceipt) == SendReceipt("A-1")
    assert queue.get_first(WelcomeCustomer) is None
    assert queue.count() == 3


async def test_an_empty_queue_has_no_first_job(queue: InMemoryQueue) -> None:
    """Nothing is raised."""
    assert queue.get_first() is None
    assert queue.jobs() == []


async def test_jobs_of_an_open_unit_of_work_are_not_there_yet(
    queue: InMemoryQueue,
    unit_of_work: InMemoryUnitOfWork,
) -> None:
    """Not even for the one who enqueued them."""
    async with unit_of_work:
        await queue.enqueue(SendReceipt("A-1"))
        assert queue.count() == 0
        queue.assert_that.empty()

    assert queue.jobs() == [SendReceipt("A-1")]


async def test_queues_of_one_name_and_database_hold_the_same_jobs(database: InMemoryDatabase) -> None:
    """A queue object is a way to the jobs, not their home."""
    emails, same, other = (InMemoryQueue(database, name) for name in ("emails", "emails", "invoices"))
    await emails.enqueue(SendReceipt("A-1"))

    assert same.jobs() == [SendReceipt("A-1")]
    assert other.jobs() == []


async def test_a_job_whose_class_was_not_enqueued_is_read_as_the_registered_one(
    queue: InMemoryQueue,
    database: InMemoryDatabase,
) -> None:
    """As for a job that was inserted by hand."""
    await _insert_by_hand(database)

    async def welcome(job: WelcomeCustomer) -> None:
        raise NotImplementedError

    await queue.register_job_func(welcome)

    assert queue.jobs() == [WelcomeCustomer("Grace")]


async def test_a_job_whose_class_nobody_knows_cannot_be_listed(
    queue: InMemoryQueue,
    database: InMemoryDatabase,
) -> None:
    """It is counted all the same, and messages show it as it is stored."""
    await _insert_by_hand(database)

    assert queue.count() == 1
    with pytest.raises(UnreadablePayload, match="neither enqueued nor registered"):
        queue.jobs()
    with pytest.raises(AssertionError, match=r'customer\.welcome \{"name": "Grace"\}'):
        queue.assert_that.empty()


async def _insert_by_hand(database: InMemoryDatabase) -> None:
    new = ("customer.welcome", '{"name": "Grace"}')
    await InMemoryStore(database, "").enqueue(Enqueueing([new], run_at=None, priority=0, carrier=None))
