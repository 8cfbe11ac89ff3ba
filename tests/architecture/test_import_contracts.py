"""The contracts of import-linter in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.layers import BUSINESS, ROOT, THE_BUSINESS
from tests.architecture.throw_away import plant_module, plant_packages

_LAYERS = "Layers point inwards"
_ADAPTERS = "Adapters do not know each other; payloads and telemetry lie below the queues"
_CONTAINER = "Only infrastructure knows the container"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Yield a tree that keeps the contracts, with the configuration of this repository."""
    plant_packages(tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_this_repository_keeps_the_contracts() -> None:
    """The code keeps every contract."""
    result = _lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


def test_a_tree_without_faults_is_accepted(tree: Path) -> None:
    """What the other tests plant is what breaks the contract."""
    result = _lint_imports(tree)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("contract", "module", "imported"),
    [
        (_LAYERS, "domain.jobs.fault", "application.jobs"),
        (_LAYERS, "application.jobs.fault", "adapters.memory"),
        (_LAYERS, "adapters.payloads.fault", "infrastructure"),
        (_ADAPTERS, "adapters.memory.fault", "adapters.postgres"),
        (_ADAPTERS, "adapters.payloads.fault", "adapters.telemetry"),
        (_ADAPTERS, "adapters.telemetry.fault", "adapters.postgres"),
        (_ADAPTERS, "adapters.postgres.fault", "adapters.web"),
        (_ADAPTERS, "adapters.web.fault", "adapters.cli"),
        (_ADAPTERS, "adapters.redis.__init__", "domain"),
        (_CONTAINER, "domain.jobs.fault", "dependency_injector"),
        (_CONTAINER, "application.jobs.fault", "dependency_injector.providers"),
        (_CONTAINER, "adapters.memory.fault", "dependency_injector.containers"),
        *((THE_BUSINESS, "application.jobs.fault", package) for package in BUSINESS),
        *((THE_BUSINESS, "domain.jobs.fault", package) for package in BUSINESS if package.startswith("domain.")),
    ],
)
def test_a_fault_breaks_its_contract(tree: Path, contract: str, module: str, imported: str) -> None:
    """An import that a contract forbids breaks it, and so does an adapter that it has no place for."""
    plant_module(tree, module, f"import {imported}\n")

    result = _lint_imports(tree)

    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout
