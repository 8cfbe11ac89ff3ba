"""The dashboard is one that Grafana can show."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

DASHBOARD = Path(__file__).parents[3] / "docs" / "observability" / "dashboard.json"
WIDTH = 24
"""Columns of Grafana's grid."""

# Those of Grafana's that make sense here; an unknown unit would be shown as text behind the number.
UNITS = {"short", "s", "ops", "percentunit"}

Panel = dict[str, Any]


@pytest.fixture
def dashboard() -> dict[str, Any]:
    """Return it."""
    found: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return found


def _cells(panel: Panel) -> set[tuple[int, int]]:
    at = panel["gridPos"]
    return {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}


def test_panels_lie_side_by_side(dashboard: dict[str, Any]) -> None:
    """Within the grid; Grafana would push one that overlaps to where nobody expects it."""
    panels: list[Panel] = dashboard["panels"]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= WIDTH for panel in panels)
    for one, other in combinations(panels, 2):
        assert not _cells(one) & _cells(other), (one["title"], other["title"])


def test_every_panel_asks_the_chosen_source_and_names_its_unit(dashboard: dict[str, Any]) -> None:
    """With a legend for each query, and queries that are told apart."""
    source = {"type": "prometheus", "uid": "${datasource}"}
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}

    assert variables == {"datasource", "queue"}
    for panel in dashboard["panels"]:
        assert panel["type"] in {"stat", "timeseries"}
        assert panel["title"]
        assert panel["datasource"] == source
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS
        assert panel["targets"]
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
        assert all(target["legendFormat"] for target in panel["targets"])
