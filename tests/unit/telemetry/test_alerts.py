"""The alert rules, tried by Prometheus itself."""

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
RULES = FOLDER.parents[2] / "docs" / "observability" / "alerts.yml"
PROMTOOL = shutil.which("promtool")


def run(*arguments: str | Path) -> str:
    """Return what promtool complains of; nothing where all is well."""
    assert PROMTOOL is not None
    ended = subprocess.run([PROMTOOL, *arguments], capture_output=True, check=False, text=True)
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="the alert rules are NOT tried: install Prometheus, which has promtool")
def test_each_alert_fires_when_it_should_and_not_otherwise() -> None:
    """By the series in alerts_test.yml."""
    assert run("check", "rules", RULES) == ""
    assert run("test", "rules", FOLDER / "alerts_test.yml") == ""


def test_no_rule_is_left_untried() -> None:
    """Each is expected to fire once, and not to once."""
    rules = {line.split("alert:")[1].strip() for line in RULES.read_text().splitlines() if "- alert:" in line}
    tried = (FOLDER / "alerts_test.yml").read_text()

    assert {rule for rule in rules if f"alertname: {rule}}}" in tried} == rules
    assert {rule for rule in rules if f"alertname: {rule}\n        exp_alerts:" in tried} == rules
