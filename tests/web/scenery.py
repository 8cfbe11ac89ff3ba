"""A mail-order shop on a busy day: queues with a past, for pages that have something to show."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import sin
from random import Random
from typing import Final

from application.jobs.instants import instant_of
from application.jobs.job_store import EndedAttempt
from domain.jobs import JobId
from tests.web.goods import (
    BANK_SILENT,
    CARD_DECLINED,
    MAIL_SERVER_SILENT,
    NO_SUCH_MAILBOX,
    OUT_OF_MEMORY,
    CollectPayment,
    ImportCatalogue,
    RenderReport,
    ReserveStock,
    SendReceipt,
)
from tests.worlds import HandWorker, World

_SEED: Final = 20
_STEP: Final = timedelta(seconds=10)
_HALF_A_STEP: Final = _STEP / 2
_SLOW_TURNS: Final = {17: 1.8, 15: 4.1, 11: 7.5, 4: 7.5, 0: 2.6}
"""Steps before the end at which the payment is tried, and how many seconds it takes."""
_QUICK_TURNS: Final = {5: 1.8, 4: 4.1, 3: 7.5, 1: 7.5, 0: 2.6}
_SHIFT: Final = timedelta(days=1)


class Shop:
    """Plays the day on a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._random = Random(_SEED)
        self._orders = 1_000
        self._workers: list[HandWorker] = []
        self.declined: JobId = JobId(0)
        """A job that died of the last of five attempts."""

    async def open(self, steps: int = 90) -> None:
        """Work for so many steps of ten seconds, and stop in the middle of it."""
        await self._open_posts()
        await self._leave_things_lying()
        turns = _SLOW_TURNS if steps > max(_SLOW_TURNS) else _QUICK_TURNS
        for step in range(steps):
            await self._busy_step(step)
            took = await self._collect_payment(turns, steps - 1 - step)
            self.world.clock.advance(_STEP - took)
        await self._be_in_the_middle()
        for worker in self._workers:
            self.world.clock.advance(timedelta(milliseconds=330))
            await worker.store.heartbeat(worker.id)

    async def _open_posts(self) -> None:
        self._web = await self.hire("", "web-1", {ReserveStock.job_type: 25}, 20)
        self._web_too = await self.hire("", "web-2", {ReserveStock.job_type: 25}, 20)
        self._till = await self.hire("payments", "till-1", {CollectPayment.job_type: 5}, 5)
        self._mailer = await self.hire("emails", "mailer-1", {SendReceipt.job_type: 8}, 10)
        self._press = await self.hire("reports", "press-1", {RenderReport.job_type: 3}, 4)

    async def hire(self, queue: str, name: str, types: dict[str, int], size: int) -> HandWorker:
        """Let another worker work."""
        worker = await self.world.worker(types, queue, name, _SHIFT, size=size, version="2026.47")
        self._workers.append(worker)
        return worker

    async def _leave_things_lying(self) -> None:
        later = self.world.clock.now() + timedelta(hours=5)
        await self._enqueue("imports", [ImportCatalogue("Ann's Armchairs", "https://example.org/feed.xml")] * 12)
        await self._enqueue("legacy", [ReserveStock("WOBBLY-TABLE", 2)] * 3)
        reports = self.world.queue("reports")
        await reports.enqueue([RenderReport("2026-12", ["east"]) for _ in range(6)], run_at=later, priority=5)
        for job_id in await reports.enqueue([RenderReport("2025-01", ["west"])] * 2, run_at=later):
            await self.world.operations.cancel(job_id)

    async def _busy_step(self, step: int) -> None:
        orders = [self._order() for _ in range(int(34 + 16 * sin(step / 9) + self._random.randrange(9)))]
        await self._enqueue("", [ReserveStock(f"CRUNCHY-{order % 90}", 1 + order % 4) for order in orders])
        await self._enqueue("emails", [self._receipt(order) for order in orders[::2]])
        if step % 9 == 0:
            await self._enqueue("reports", [RenderReport("2026-10", ["north", "south"])])
        self.world.clock.advance(timedelta(milliseconds=self._random.randrange(4, 40)))
        await self._finish(self._web if step % 2 else self._web_too, 0, 0.03)
        await self._finish(self._mailer, 0.3 if 40 <= step < 48 else 0.02, 0.4)
        await self._finish(self._press, 0.2, 7)
        await self._mailer.store.promote()

    async def _finish(self, worker: HandWorker, failing: float, slow: float) -> None:
        done: list[EndedAttempt] = []
        now = instant_of(self.world.clock.now())
        for job in await worker.claim(500):
            ended = EndedAttempt(job, now, now + int(1e6 * slow * self._random.uniform(0.4, 2.2)))
            if self._random.random() < failing:
                await self._fail(worker, ended)
            else:
                done.append(ended)
        if done:
            await worker.store.complete(done)

    async def _fail(self, worker: HandWorker, ended: EndedAttempt) -> None:
        if ended.job.type == RenderReport.job_type:
            await worker.store.bury(ended, OUT_OF_MEMORY)
        elif self._random.random() < 0.15:
            await worker.store.bury(ended, NO_SUCH_MAILBOX)
        elif ended.job.attempt >= 3:
            await worker.store.bury(ended, MAIL_SERVER_SILENT)
        else:
            await worker.store.retry(ended, MAIL_SERVER_SILENT, timedelta(seconds=self._random.randrange(5, 300)))

    async def _collect_payment(self, turns: Mapping[int, float], steps_left: int) -> timedelta:
        """Try to, if it is a turn of the payment; how long that took."""
        if steps_left not in turns:
            return timedelta(0)
        if steps_left == max(turns):
            payment = CollectPayment("A-2077", "1,249.00", "EUR", {"holder": "Ada Lovelace", "card_token": "tok_4242"})
            self.declined = await self.world.queue("payments").enqueue(payment, priority=-1)
        await self._till.store.promote()
        job, begin = await self._till.claim_one(), self.world.clock.now()
        took = timedelta(seconds=turns[steps_left])
        self.world.clock.advance(took)
        ended = EndedAttempt(job, instant_of(begin), instant_of(self.world.clock.now()))
        error = BANK_SILENT if took > _HALF_A_STEP else CARD_DECLINED
        if steps_left == 0:
            await self._till.store.bury(ended, error)
        else:
            pause = (steps_left - max(turn for turn in turns if turn < steps_left)) * _STEP
            await self._till.store.retry(ended, error, pause - took - timedelta(seconds=2))
        return took

    async def _be_in_the_middle(self) -> None:
        orders = [self._order() for _ in range(44)]
        await self._enqueue("", [ReserveStock(f"CRUNCHY-{order % 90}", 1) for order in orders])
        await self._web.claim(13)
        await self._web_too.claim(9)
        await self._enqueue("emails", [self._receipt(order) for order in orders])
        await self._mailer.claim(7)
        await self._enqueue("reports", [RenderReport("2026-11", ["north", "south", "east", "west"])])
        await self._press.claim(1)

    async def _enqueue(
        self, queue: str, jobs: Sequence[SendReceipt | ReserveStock | RenderReport | ImportCatalogue]
    ) -> None:
        await self.world.queue(queue).enqueue(jobs)

    def _order(self) -> int:
        self._orders += 1
        return self._orders

    def _receipt(self, order: int) -> SendReceipt:
        return SendReceipt(f"A-{order}", f"customer-{order}@example.org", f"{order % 90 + 9}.90", "secret-17")
