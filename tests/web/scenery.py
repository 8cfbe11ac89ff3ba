"""A mail-order shop on a busy day: queues with a past, for pages that have something to show."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import ClassVar

from application.jobs.error_report import report
from application.jobs.job_store import ClaimedJob, EndedAttempt, ErrorReport
from domain.jobs import JobId
from tests.worlds import HandWorker, World

_RANDOM_SEED = 20
_STEP = timedelta(seconds=10)


@dataclass(frozen=True)
class SendReceipt:
    """Mail a receipt."""

    job_type: ClassVar[str] = "shop.letters.SendReceipt"
    order: str
    recipient: str
    amount: str
    api_token: str


@dataclass(frozen=True)
class CollectPayment:
    """Charge a card."""

    job_type: ClassVar[str] = "shop.payment.CollectPayment"
    order: str
    amount: str
    currency: str
    card: dict[str, str]


@dataclass(frozen=True)
class ReserveStock:
    """Put pieces of an article aside."""

    job_type: ClassVar[str] = "shop.stock.ReserveStock"
    article: str
    pieces: int


@dataclass(frozen=True)
class RenderReport:
    """Draw a report that takes its time."""

    job_type: ClassVar[str] = "shop.reports.monthly.RenderReport"
    month: str
    regions: list[str]


@dataclass(frozen=True)
class ImportCatalogue:
    """Read a supplier's catalogue."""

    job_type: ClassVar[str] = "shop.catalogue.ImportCatalogue"
    supplier: str
    url: str


def failure(error: Exception) -> ErrorReport:
    """Return the report of an error that was raised a few calls deep."""
    try:
        _charge(error)
    except Exception as raised:  # noqa: BLE001  # that is what is reported
        return report(raised)
    raise AssertionError


def _charge(error: Exception) -> None:
    _post_to_bank(error)


def _post_to_bank(error: Exception) -> None:
    raise error


class Shop:
    """Plays the day on a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._random = Random(_RANDOM_SEED)
        self._orders = 1_000
        self.lively: JobId = JobId(0)
        """A job with a long history."""

    async def open(self, steps: int = 90) -> None:
        """Work for so many steps of ten seconds, and stop in the middle of it."""
        await self._hire()
        for step in range(steps):
            await self._busy_step(step)
            self._world.clock.advance(_STEP)
        await self._leave_things_lying()

    async def _hire(self) -> None:
        self._default = await self._worker(
            "", "web-1", {"shop.stock.ReserveStock": 25, "shop.payment.CollectPayment": 5}
        )
        await self._worker("", "web-2", {"shop.stock.ReserveStock": 25, "shop.payment.CollectPayment": 5})
        self._emails = await self._worker("emails", "mailer-1", {"shop.letters.SendReceipt": 8})
        self._reports = await self._worker("reports", "reports-1", {"shop.reports.monthly.RenderReport": 3})

    async def _worker(self, queue: str, name: str, types: dict[str, int]) -> HandWorker:
        return await self._world.worker(types, queue, name, timedelta(days=3))

    async def _busy_step(self, step: int) -> None:
        swing = 10 + 6 * (1 + step % 30 / 12) + self._random.randrange(8)
        trouble = 34 <= step < 42
        orders = [self._order() for _ in range(int(swing))]
        await self._world.queue("").enqueue([ReserveStock(f"CRUNCHY-{order % 90}", 1 + order % 4) for order in orders])
        await self._world.queue("emails").enqueue([self._receipt(order) for order in orders[::2]])
        if step % 9 == 0:
            await self._world.queue("reports").enqueue([RenderReport("2026-10", ["north", "south"])])
        self._world.clock.advance(timedelta(milliseconds=140))
        await self._finish(self._default, 0.004, slow=0.12)
        await self._finish(self._emails, 0.3 if trouble else 0.01, slow=0.9)
        await self._finish(self._reports, 0.1, slow=14)

    async def _finish(self, worker: HandWorker, failing: float, slow: float) -> None:
        done: list[EndedAttempt] = []
        now = self._world.clock.now()
        for job in await worker.claim(500):
            took = timedelta(seconds=slow * self._random.uniform(0.4, 2.2))
            ended = EndedAttempt(job, now, now + took)
            if self._random.random() < failing:
                await self._fail(worker, ended)
            else:
                done.append(ended)
        if done:
            await worker.store.complete(done)

    async def _fail(self, worker: HandWorker, ended: EndedAttempt) -> None:
        error = failure(ConnectionError(f"the mail server mx{ended.job.id % 3} did not answer within 10 s"))
        if self._random.random() < 0.4:
            await worker.store.bury(ended, error)
        else:
            await worker.store.retry(ended, error, timedelta(seconds=self._random.randrange(5, 400)))

    async def _leave_things_lying(self) -> None:
        clock, queue = self._world.clock, self._world.queue
        await queue("imports").enqueue([ImportCatalogue("Ann's Armchairs", "https://example.org/feed.xml")] * 12)
        await queue("legacy").enqueue([ReserveStock("WOBBLY-TABLE", 2)] * 3)
        later = clock.now() + timedelta(hours=5)
        await queue("reports").enqueue([RenderReport("2026-11", ["east"]) for _ in range(6)], run_at=later, priority=5)
        cancelled = await queue("reports").enqueue([RenderReport("2025-01", ["west"]) for _ in range(2)], run_at=later)
        for job_id in cancelled:
            await self._world.operations.cancel(job_id)
        self.lively = await self._declined()
        await queue("emails").enqueue([self._receipt(self._order()) for _ in range(44)])
        await self._emails.claim(7)
        await queue("reports").enqueue([RenderReport("2026-11", ["north", "south", "east", "west"])])
        await self._reports.claim(1)
        clock.advance(timedelta(seconds=3.4))

    async def _declined(self) -> JobId:
        clock = self._world.clock
        job_id = await self._world.queue("").enqueue(
            CollectPayment("A-2077", "1,249.00", "EUR", {"holder": "Ada Lovelace", "card_token": "tok_4242"}),
            priority=-1,
        )
        clock.advance(timedelta(seconds=2))
        for number, (pause, took) in enumerate([(9, 1.8), (22, 4.1), (41, 10.0), (75, 10.0), (0, 2.6)], 1):
            job = await self._claim(job_id)
            begin = clock.now()
            clock.advance(timedelta(seconds=took))
            error = failure(PermissionError(f"card declined by the issuer, code {50 + number}"))
            if took == 10.0:
                error = failure(TimeoutError("the bank did not answer within 10 s"))
            ended = EndedAttempt(job, begin, clock.now())
            if pause:
                await self._default.store.retry(ended, error, timedelta(seconds=pause))
                clock.advance(timedelta(seconds=pause + 1.2))
                await self._default.store.promote()
            else:
                await self._default.store.bury(ended, error)
        return job_id

    async def _claim(self, job_id: JobId) -> ClaimedJob:
        return next(job for job in await self._default.claim(1_000) if job.id == job_id)

    def _order(self) -> int:
        self._orders += 1
        return self._orders

    def _receipt(self, order: int) -> SendReceipt:
        return SendReceipt(f"A-{order}", f"customer-{order}@example.org", f"{order % 90 + 9}.90", "secret-17")


JOB_CLASSES = (SendReceipt, CollectPayment, ReserveStock, RenderReport, ImportCatalogue)
