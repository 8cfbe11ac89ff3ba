"""The dashboard and the alert rules ask for what is really measured."""

import json
import re
from pathlib import Path

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from adapters.telemetry.counts import PRUNED
from adapters.telemetry.instruments import instruments_of

FOLDER = Path(__file__).parents[3] / "docs" / "observability"
NAME = re.compile(r"\b(?:arrower|messaging_client|messaging_process)_[a-z_]+")
LABEL = re.compile(r"\b(?:messaging_(?:arrower|destination|operation)_[a-z_]+|error_type)\b")
LABELS = {
    "messaging_destination_name",
    "messaging_operation_name",
    "messaging_arrower_type",
    "messaging_arrower_outcome",
    "messaging_arrower_state",
    "error_type",
}


def exported(name: str, unit: str, kind: str) -> set[str]:
    """Return the names Prometheus gives to an instrument of OpenTelemetry."""
    base = name.replace(".", "_") + ("_seconds" if unit == "s" else "")
    if "Counter" in kind:
        return {f"{base}_total"}
    if "Histogram" in kind:
        return {f"{base}_{part}" for part in ("bucket", "sum", "count")}
    return {base}


def measured() -> set[str]:
    """Return all names that can be seen in Prometheus."""
    provider = MeterProvider([InMemoryMetricReader()], shutdown_on_exit=False)
    assert instruments_of(provider) is not None
    meter = provider.get_meter("arrower", schema_url="https://opentelemetry.io/schemas/1.44.0")
    names: set[str] = set()
    for instrument_id in meter._instrument_ids:
        name, kind, unit, _ = instrument_id.split(",", 3)
        names |= exported(name, unit, kind)
    assert f"{PRUNED.replace('.', '_')}_total" in names
    return names


def asked_for(text: str) -> set[str]:
    """Return the metrics a text of queries names."""
    return set(NAME.findall(text))


def test_the_dashboard_asks_for_what_is_measured() -> None:
    """Every metric is shown somewhere, none that does not exist."""
    dashboard = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    queries = "\n".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])

    assert asked_for(queries) - measured() == set()
    assert {re.sub("_(bucket|sum|count)$", "", name) for name in measured()} == {
        re.sub("_(bucket|sum|count)$", "", name) for name in asked_for(queries)
    }
    assert set(LABEL.findall(queries)) <= LABELS


def test_the_alerts_ask_for_what_is_measured() -> None:
    """A rule about a metric that does not exist never fires."""
    rules = (FOLDER / "alerts.yml").read_text(encoding="utf-8")

    assert asked_for(rules) - measured() == set()
    assert set(LABEL.findall(rules)) <= LABELS
    for concern in ("NoProgress", "JobsWaitLong", "DeadJobs", "WorkersDie", "AttemptsLost", "HeldSnapshot"):
        assert f"alert: Arrower{concern}\n" in rules
