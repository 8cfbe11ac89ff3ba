"""Running cases: every contender once in each round, one after the other."""

import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Case, Contender, Measurement
from tests.benchmarks.faults import NotAvailable
from tests.benchmarks.peers import SYSTEMS


@dataclass(slots=True)
class Outcome:
    """What came out of one case."""

    case: Case
    measurements: dict[str, list[Measurement]] = field(default_factory=dict[str, list[Measurement]])
    not_available: dict[str, str] = field(default_factory=dict[str, str])
    failures: dict[str, str] = field(default_factory=dict[str, str])


class Suite:
    """Cases, one after the other."""

    def __init__(self, bench: Bench, rounds: int, peers: Collection[str], tell: Callable[[str], None]) -> None:
        self._bench = bench
        self._rounds = rounds
        self._peers = peers
        self._tell = tell
        self._not_available: dict[str, str] = {}

    async def prepare(self) -> None:
        """Install the chosen peers; those that cannot be installed are left out, with the reason."""
        await self._bench.server.check()
        for system in SYSTEMS:
            if system.name in self._peers:
                try:
                    await system.prepare()
                except NotAvailable as reason:
                    self._not_available[system.name] = str(reason)
                    self._tell(f"{system.name} is not available: {reason}")

    async def run(self, case: Case) -> Outcome:
        """Run all rounds of one case. A contender that fails takes part no more, and the rest goes on."""
        outcome = Outcome(case)
        for number in range(1, self._rounds + 1):
            for contender in case.contenders:
                if contender.peer in self._peers:
                    await self._measure(outcome, contender, number)
        return outcome

    async def _measure(self, outcome: Outcome, contender: Contender, number: int) -> None:
        if contender.peer in self._not_available:
            outcome.not_available[contender.name] = self._not_available[contender.peer]
        if contender.name in outcome.not_available or contender.name in outcome.failures:
            return
        label = f"{outcome.case.name}, round {number} of {self._rounds}, {contender.name}"
        try:
            measurement = await contender.measure(self._bench)
        except NotAvailable as reason:
            outcome.not_available[contender.name] = str(reason)
            self._tell(f"{label}: not available: {reason}")
        except Exception as error:  # noqa: BLE001  # one contender that fails must not end the rest
            outcome.failures[contender.name] = f"{type(error).__name__}: {error}"
            self._tell(f"{label}: FAILED\n{traceback.format_exc()}")
        else:
            outcome.measurements.setdefault(contender.name, []).append(measurement)
            self._tell(f"{label}: {measurement.rate:,.0f} jobs/s")
