"""What a sampler gets to know before it decides."""

from collections.abc import Sequence
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

from adapters.telemetry import OpenTelemetry
from domain.jobs import JobState
from tests.worlds import World
from tests.worlds.jobs import SendReceipt

TYPE = "tests.worlds.jobs.SendReceipt"


class Curious(Sampler):
    """Notes what it is told, and drops everything."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}

    def should_sample(  # noqa: PLR0917  # the signature is that of the SDK
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Drop it."""
        self.told[name] = dict(attributes or {})
        return SamplingResult(Decision.DROP)

    def get_description(self) -> str:
        """Say who it is."""
        return "curious"


async def test_attributes_are_there_when_a_span_starts(world: World) -> None:
    """All but the id of an enqueued job, the outcome and the error; and jobs run whatever is decided."""
    sampler = Curious()
    telemetry = OpenTelemetry(TracerProvider(sampler, shutdown_on_exit=False))
    queue = world.queue("emails", pool_name="post-office", telemetry=telemetry)

    async def send_receipt(job: SendReceipt) -> None:
        pass

    job_id = await queue.enqueue(SendReceipt("A-1001"), priority=7)
    await world.run(queue, send_receipt)
    await world.reaches(job_id, JobState.COMPLETED)
    both = {
        "messaging.system": "arrower",
        "messaging.destination.name": "emails",
        "messaging.arrower.type": TYPE,
        "messaging.arrower.priority": 7,
    }

    assert sampler.told == {
        "send emails": both | {"messaging.operation.name": "send", "messaging.operation.type": "send"},
        "process emails": both
        | {
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.client.id": "post-office",
            "messaging.message.id": str(job_id),
            "messaging.arrower.attempt": 1,
        },
    }
