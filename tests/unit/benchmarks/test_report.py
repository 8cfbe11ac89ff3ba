"""The table and the JSON file of the results."""

import json
from io import StringIO
from pathlib import Path

from rich.console import Console

from tests.benchmarks import report, results_file
from tests.benchmarks.bench import Bench
from tests.benchmarks.case import Case, Contender, Measurement
from tests.benchmarks.footprint import Footprint
from tests.benchmarks.goals import faster
from tests.benchmarks.suite import Outcome


async def _never(_: Bench) -> Measurement:
    raise NotImplementedError


CASE = Case(
    name="race",
    title="who is first",
    contenders=tuple(Contender(name, name, _never) for name in ("hare", "tortoise", "snail")),
    reference="tortoise",
    goals=(faster("hare", 3, "tortoise"), faster("snail", 1, "tortoise")),
)
OUTCOME = Outcome(
    CASE,
    measurements={
        "hare": [Measurement(1_000, 0.1, Footprint(500_000, 1_000, 50 * 2**20, 0.02, 0.05), latencies=[1.5, 2.5])],
        "tortoise": [Measurement(1_000, 0.4, Footprint(900_000, 4_000, None, 0.1, None), details={"naps": 2.0})],
    },
    not_available={"snail": "there is no snail"},
)


def test_the_table_shows_cost_per_job_ratios_and_reasons() -> None:
    """Everything a reader compares is in the row of its contender."""
    printed = StringIO()

    report.print_outcome(Console(file=printed, width=200), OUTCOME)

    hare, tortoise = _row(printed.getvalue(), "hare"), _row(printed.getvalue(), "tortoise")
    assert hare == ["1,000", "10,000 (10,000-10,000)", "4.00", "1.50", "2.50", "500", "1", "50", "20", "50"]
    assert tortoise == ["1,000", "2,500 (2,500-2,500)", "1.00", "", "", "900", "4", "", "100", ""]
    assert "snail: there is no snail" in printed.getvalue()
    assert "tortoise: naps 2" in printed.getvalue()
    assert "✓ hare ≥ 3 x tortoise: 4 (4-4)" in printed.getvalue()
    assert "? snail ≥ 1 x tortoise: not measured" in printed.getvalue()


def test_the_file_holds_every_round_and_every_goal(tmp_path: Path) -> None:
    """What a later reader needs to check a figure is there."""
    file = tmp_path / "new" / "results.json"

    results_file.write(file, {"scale": 1.0}, [OUTCOME])

    content = json.loads(file.read_text(encoding="utf-8"))
    [case] = content["cases"]
    assert content["scale"] == 1.0
    assert case["contenders"]["hare"]["rounds"][0]["footprint"]["wal_bytes"] == 500_000
    assert case["contenders"]["hare"]["figures"]["rate"]["median"] == 10_000
    assert case["not_available"] == {"snail": "there is no snail"}
    assert [goal["met"] for goal in case["goals"]] == [True, None]


def _row(printed: str, contender: str) -> list[str]:
    [line] = [line for line in printed.splitlines() if line.startswith(f"│ {contender} ")]
    return [cell.strip() for cell in line.strip("│").split("│")][1:]
