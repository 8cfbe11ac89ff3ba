"""Throw-away trees with the packages that the rules speak of."""

from pathlib import Path

from tests.architecture.layers import BUSINESS

PACKAGES = (
    *("domain", "domain.jobs", "application", "application.jobs", *BUSINESS),
    *("adapters", "adapters.memory", "adapters.postgres", "adapters.payloads", "adapters.telemetry"),
    *("adapters.web", "adapters.cli", "infrastructure"),
)


def plant_packages(root: Path) -> None:
    """Create every package, all of them empty."""
    for package in PACKAGES:
        plant_module(root, f"{package}.__init__", "")


def plant_module(root: Path, module: str, code: str) -> None:
    """Create a module, and the folders above it."""
    file = root / f"{module.replace('.', '/')}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code, encoding="utf-8")
