"""`python -m tests.pictures.trace`: one job from its enqueue through an attempt that fails to one that succeeds."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from playwright.async_api import async_playwright

from adapters.memory import InMemoryQueue
from adapters.telemetry import OpenTelemetry
from domain.jobs import RetryPolicy
from tests.pictures.waterfall import page_of

PICTURE = Path(__file__).parents[2] / "docs" / "observability" / "trace.png"
_CHROMIUM = "/usr/bin/chromium"
_SOON = RetryPolicy(base=timedelta(milliseconds=60), jitter=0)


@dataclass(frozen=True)
class SendReceipt:
    """Mail a receipt."""

    job_type: ClassVar[str] = "send_receipt"

    order: str


async def run() -> Sequence[ReadableSpan]:
    """Enqueue in a request, fail once, succeed; return the spans."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer, sent = provider.get_tracer("shop"), asyncio.Event()
    queue = InMemoryQueue(queue="emails", pool_name="worker-1", telemetry=OpenTelemetry(provider))
    attempts: list[str] = []

    async def send_receipt(job: SendReceipt) -> None:
        attempts.append(job.order)
        with tracer.start_as_current_span("SMTP smtp.example"):
            await asyncio.sleep(0.02)
            if len(attempts) == 1:
                msg = "the mail server is away"
                raise ConnectionError(msg)
        sent.set()

    await queue.register_job_func(send_receipt, retry=_SOON)
    await queue.enqueue(SendReceipt("the first call prepares much"))
    queue.reset()
    exporter.clear()
    with tracer.start_as_current_span("POST /orders"):
        await asyncio.sleep(0.01)
        await queue.enqueue(SendReceipt("A-1001"))
        await asyncio.sleep(0.005)
    await queue.start()
    async with asyncio.timeout(10):
        await sent.wait()
    await queue.shutdown()
    return exporter.get_finished_spans()


async def take(html: str, picture: Path) -> None:
    """Take a picture of a page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1120, "height": 400}, device_scale_factor=2)
        await page.set_content(html)
        await page.locator("main").screenshot(path=picture)
        await browser.close()


async def main() -> None:
    """Renew the picture."""
    logging.getLogger("arrower").addHandler(logging.NullHandler())  # the failure is part of the picture
    PICTURE.parent.mkdir(exist_ok=True)
    await take(page_of(await run()), PICTURE)


if __name__ == "__main__":
    asyncio.run(main())
