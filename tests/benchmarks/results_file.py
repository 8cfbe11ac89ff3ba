"""The results as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.case import Measurement
from tests.benchmarks.figures import figures
from tests.benchmarks.suite import Outcome
from tests.benchmarks.summary import percentile


def write(path: Path, circumstances: Mapping[str, object], outcomes: Sequence[Outcome]) -> None:
    """Write everything that was measured, round by round, and what it was measured with."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**circumstances, "cases": [_case(outcome) for outcome in outcomes]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _case(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.case.name,
        "title": outcome.case.title,
        "reference": outcome.case.reference,
        "contenders": {
            name: {"figures": asdict(figures(rounds)), "rounds": [_round(one) for one in rounds]}
            for name, rounds in outcome.measurements.items()
        },
        "not_available": outcome.not_available,
        "failures": outcome.failures,
        "goals": [
            {
                "text": goal.text,
                "value": None if (value := goal.value(outcome.measurements)) is None else asdict(value),
                "met": goal.met(outcome.measurements),
            }
            for goal in outcome.case.goals
        ],
    }


def _round(measurement: Measurement) -> dict[str, object]:
    latencies = measurement.latencies
    return {
        "jobs": measurement.jobs,
        "seconds": measurement.seconds,
        "footprint": None if measurement.footprint is None else asdict(measurement.footprint),
        "latency_ms": {f"p{percent:g}": percentile(latencies, percent) for percent in (50, 90, 99, 99.9)}
        if latencies
        else None,
        "details": dict(measurement.details),
    }
