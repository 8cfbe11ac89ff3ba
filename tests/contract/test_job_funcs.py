"""What can be registered to run jobs, and what cannot."""

import asyncio
import functools
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from domain.jobs import InvalidJobFunc, JobState, JobTypeAlreadyRegistered, RegisterJobFuncFailed, current_job
from tests.worlds import World
from tests.worlds.deadline import PATIENCE
from tests.worlds.jobs import CheckFraud, InspectFraud, ReserveStock, SendReceipt


async def no_parameter() -> None:
    """Take no job."""


async def two_parameters(job: SendReceipt, printer: str) -> None:
    """Need more than a job."""


async def keyword_only(*, job: SendReceipt) -> None:
    """Take the job by name."""


async def not_annotated(job) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  # that is what is refused
    """Do not say which job."""


async def takes_bytes(job: bytes) -> None:
    """Take no dataclass."""


async def takes_any(job: Any) -> None:
    """Take whatever."""


async def takes_two_types(job: SendReceipt | ReserveStock) -> None:
    """Leave open which."""


async def takes_unknown(job: "SendPigeon") -> None:  # type: ignore[name-defined]  # noqa: F821  # as above
    """Take what is not defined anywhere."""


async def yields(job: SendReceipt) -> AsyncIterator[None]:
    """Yield: calling this runs nothing."""
    yield


def yields_in_a_thread(job: SendReceipt) -> Iterator[None]:
    """Yield: calling this runs nothing."""
    yield


class TestRegistration:
    """One job func per type, told by its annotation."""

    @pytest.mark.parametrize(
        "job_func",
        [
            None,
            "",
            7,
            SendReceipt,
            SendReceipt("A-1001"),
            no_parameter,
            two_parameters,
            keyword_only,
            not_annotated,
            takes_bytes,
            takes_any,
            takes_two_types,
            yields,
            yields_in_a_thread,
        ],
        ids=lambda job_func: getattr(job_func, "__name__", repr(job_func)),
    )
    async def test_a_wrong_signature_is_refused(self, world: World, job_func: Any) -> None:
        """The message says what is expected."""
        with pytest.raises(InvalidJobFunc, match=r"one required parameter.*async def send_receipt"):
            await world.queue().register_job_func(job_func)

    async def test_an_annotation_that_leads_nowhere_is_refused(self, world: World) -> None:
        """The message names the annotation and what to do."""
        with pytest.raises(InvalidJobFunc, match=r"SendPigeon.*top level"):
            await world.queue().register_job_func(takes_unknown)

    @pytest.mark.parametrize("timeout", [timedelta(0), timedelta(seconds=-1)])
    async def test_a_timeout_that_is_over_at_once_is_refused(self, world: World, timeout: timedelta) -> None:
        """A timeout is longer than zero."""

        async def send_receipt(job: SendReceipt) -> None:
            """Do nothing."""

        with pytest.raises(InvalidJobFunc, match="timeout"):
            await world.queue().register_job_func(send_receipt, timeout=timeout)

    async def test_a_second_job_func_for_a_type_is_refused(self, world: World) -> None:
        """The first one goes on."""
        queue = world.queue()
        sent: list[str] = []

        async def send_receipt(job: SendReceipt) -> None:
            sent.append(job.order)

        async def send_receipt_again(job: SendReceipt) -> None:
            sent.append(f"{job.order}, again")

        await world.run(queue, send_receipt)
        with pytest.raises(JobTypeAlreadyRegistered, match="SendReceipt") as refused:
            await queue.register_job_func(send_receipt_again)
        await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sent == ["A-1001"])

        assert isinstance(refused.value, RegisterJobFuncFailed)

    async def test_another_class_of_the_same_type_name_is_refused(self, world: World) -> None:
        """Types are told apart by their names."""
        queue = world.queue()

        async def check_fraud(job: CheckFraud) -> None:
            """Do nothing."""

        async def inspect_fraud(job: InspectFraud) -> None:
            """Do nothing."""

        await world.run(queue, check_fraud)
        with pytest.raises(JobTypeAlreadyRegistered, match=r"fraud\.check"):
            await queue.register_job_func(inspect_fraud)

    async def test_another_queue_has_job_funcs_of_its_own(self, world: World) -> None:
        """A type can be run on many queues, by different job funcs."""
        sent: list[str] = []

        async def send_receipt(job: SendReceipt) -> None:
            sent.append(job.order)

        async def print_receipt(job: SendReceipt) -> None:
            sent.append(f"{job.order} on paper")

        mail, paper = world.queue("mail"), world.queue("paper")
        await world.run(mail, send_receipt)
        await world.run(paper, print_receipt)
        await mail.enqueue(SendReceipt("A-1001"))
        await paper.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sorted(sent) == ["A-1001", "A-1001 on paper"])


class TestKindsOfJobFunc:
    """Any callable that takes one job."""

    async def test_an_object_with_call_brings_its_dependencies(self, world: World) -> None:
        """Dependencies come by the constructor, the job by the call."""
        sent: list[str] = []
        queue = world.queue()

        class SendReceipts:
            def __init__(self, outbox: list[str]) -> None:
                self._outbox = outbox

            async def __call__(self, job: SendReceipt) -> None:
                self._outbox.append(job.order)

        await world.run(queue, SendReceipts(sent))
        await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sent == ["A-1001"])

    async def test_a_bound_method(self, world: World) -> None:
        """The object a method is bound to is not a parameter."""
        sent: list[str] = []
        queue = world.queue()

        class Mailroom:
            async def send(self, job: SendReceipt) -> None:
                sent.append(job.order)

        await world.run(queue, Mailroom().send)
        await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sent == ["A-1001"])

    async def test_a_partial(self, world: World) -> None:
        """Parameters that were filled in are not required any more."""
        sent: list[str] = []
        queue = world.queue()

        async def send_receipt(outbox: list[str], job: SendReceipt) -> None:
            outbox.append(job.order)

        await world.run(queue, functools.partial(send_receipt, sent))
        await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sent == ["A-1001"])

    async def test_parameters_with_defaults_are_left_alone(self, world: World) -> None:
        """Only what is required must be the job."""
        sent: list[str] = []
        queue = world.queue()

        async def send_receipt(job: SendReceipt, copies: int = 2, *cc: str, **headers: str) -> None:
            sent.extend([job.order] * copies)

        await world.run(queue, send_receipt)
        await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sent == ["A-1001", "A-1001"])

    async def test_an_annotation_may_be_text(self, world: World) -> None:
        """As it is where annotations are postponed."""
        sent: list[str] = []
        queue = world.queue()

        async def send_receipt(job: "SendReceipt") -> "None":
            sent.append(job.order)

        await world.run(queue, send_receipt)
        await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sent == ["A-1001"])

    async def test_a_decorated_job_func(self, world: World) -> None:
        """A decorator that keeps what it wraps does not hide the job."""
        sent: list[str] = []
        queue = world.queue()

        async def send_receipt(job: SendReceipt) -> None:
            sent.append(job.order)

        @functools.wraps(send_receipt)
        async def counted(*args: Any) -> None:
            await send_receipt(*args)
            sent.append("counted")

        await world.run(queue, counted)
        await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sent == ["A-1001", "counted"])

    async def test_a_plain_def_that_returns_a_coroutine(self, world: World) -> None:
        """What it returns is awaited, where it was called as any plain def is."""
        sent: list[str] = []
        queue = world.queue()

        async def later(job: SendReceipt) -> None:
            sent.append(job.order)

        def send_receipt(job: SendReceipt) -> Any:
            return later(job)

        await world.run(queue, send_receipt)
        await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: sent == ["A-1001"])


class TestThreads:
    """A plain `def` must not stop the event loop."""

    async def test_it_runs_in_a_thread_of_its_own(self, world: World) -> None:
        """While it blocks, other jobs run."""
        queue = world.queue()
        paper_is_back = threading.Event()
        reserved: list[str] = []
        threads: list[threading.Thread] = []

        def print_receipt(job: SendReceipt) -> None:
            threads.append(threading.current_thread())
            assert paper_is_back.wait(PATIENCE)

        async def reserve_stock(job: ReserveStock) -> None:
            reserved.append(job.article)

        await world.run(queue, print_receipt, reserve_stock)
        printed = await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: len(threads) == 1)
        await queue.enqueue(ReserveStock("SMALL-FORK"))
        await world.eventually(lambda: reserved == ["SMALL-FORK"])
        paper_is_back.set()
        await world.reaches(printed, JobState.COMPLETED)

        assert threads != [threading.main_thread()]

    async def test_as_many_run_at_once_as_the_pool_is_large(self, world: World) -> None:
        """Each place of the pool has a thread."""
        queue = world.queue(pool_size=4)
        all_there = threading.Barrier(4, timeout=PATIENCE)

        def carry_piano(job: ReserveStock) -> None:
            all_there.wait()

        ids = await queue.enqueue([ReserveStock("GRAND-PIANO")] * 4)
        await world.run(queue, carry_piano)
        for job_id in ids:
            job = await world.reaches(job_id, JobState.COMPLETED)
            assert len(job.attempts) == 1

    async def test_the_current_job_is_known_there(self, world: World) -> None:
        """What holds for the calling task holds for the thread."""
        queue = world.queue()
        seen: list[int] = []

        def send_receipt(job: SendReceipt) -> None:
            seen.append(current_job().id)

        await world.run(queue, send_receipt)
        job_id = await queue.enqueue(SendReceipt("A-1001"))
        await world.eventually(lambda: seen == [job_id])


class TestLateRegistration:
    """Registering while the pool runs."""

    async def test_jobs_of_the_type_that_wait_are_run(self, world: World) -> None:
        """They were left for whoever comes to know their type."""
        queue = world.queue(poll_interval=timedelta(hours=1))
        checked: list[str] = []

        async def send_receipt(job: SendReceipt) -> None:
            """Do nothing."""

        async def check_fraud(job: CheckFraud) -> None:
            checked.append(job.order)

        await world.run(queue, send_receipt)
        fraud, receipt = await queue.enqueue([CheckFraud("A-1001"), SendReceipt("A-1001")])
        await world.reaches(receipt, JobState.COMPLETED)
        assert (await world.job(fraud)).attempts == ()
        await queue.register_job_func(check_fraud)
        await world.reaches(fraud, JobState.COMPLETED)

        assert checked == ["A-1001"]

    async def test_a_job_func_registered_while_the_pool_announces_itself_is_not_forgotten(self, world: World) -> None:
        """It does not matter how far the pool has come with its start."""

        async def send_receipt(job: SendReceipt) -> None:
            """Do nothing."""

        async def check_fraud(job: CheckFraud) -> None:
            """Do nothing."""

        for name in ("mail", "paper", "pigeon", "telegraph", "drum"):
            queue = world.queue(name)
            await world.run(queue, send_receipt)
            await world.lists(name)
            await queue.register_job_func(check_fraud)
            await world.reaches(await queue.enqueue(CheckFraud("A-1001")), JobState.COMPLETED)

    async def test_a_running_job_is_not_disturbed(self, world: World) -> None:
        """It is neither waited for nor restarted."""
        queue = world.queue()
        running, may_end = asyncio.Event(), asyncio.Event()
        starts: list[int] = []

        async def reserve_stock(job: ReserveStock) -> None:
            starts.append(current_job().attempt)
            running.set()
            await may_end.wait()

        async def check_fraud(job: CheckFraud) -> None:
            """Do nothing."""

        await world.run(queue, reserve_stock)
        long_job = await queue.enqueue(ReserveStock("GRAND-PIANO"))
        await world.eventually(running.is_set)
        await queue.register_job_func(check_fraud)
        await world.reaches(await queue.enqueue(CheckFraud("A-1001")), JobState.COMPLETED)
        assert await world.state_of(long_job) is JobState.RUNNING
        may_end.set()
        job = await world.reaches(long_job, JobState.COMPLETED)

        assert starts == [1]
        assert len(job.attempts) == 1
