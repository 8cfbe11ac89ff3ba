"""What import-linter cannot say about the layers."""

from pathlib import Path

import pytest

from tests.architecture.layers import LAYERS, ROOT, folders_without_init, foreign_imports, top_level_packages
from tests.architecture.throw_away import plant_module, plant_packages

_INNER_LAYERS = {"domain": {"domain"}, "application": {"application", "domain"}}


@pytest.mark.parametrize("layer", _INNER_LAYERS)
def test_inner_layers_use_the_standard_library_alone(layer: str) -> None:
    """Neither domain nor application imports a third-party package."""
    assert foreign_imports(ROOT, layer, _INNER_LAYERS[layer]) == []


@pytest.mark.parametrize(
    "code",
    [
        "import asyncpg",
        "import json, pydantic.fields",
        "from opentelemetry.trace import Span",
        "def late() -> None:\n    import rich",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import uvloop",
        "try:\n    import uvloop\nexcept ImportError:\n    pass",
    ],
)
@pytest.mark.parametrize("layer", _INNER_LAYERS)
def test_a_third_party_import_is_found(tmp_path: Path, layer: str, code: str) -> None:
    """It is found in every form, and wherever it stands."""
    plant_packages(tmp_path)
    plant_module(tmp_path, f"{layer}.jobs.fault", code)

    assert len(foreign_imports(tmp_path, layer, _INNER_LAYERS[layer])) == 1


def test_imports_that_are_allowed_are_left_alone(tmp_path: Path) -> None:
    """The standard library, the layer itself and those below it may be imported."""
    code = "import collections.abc\nfrom domain.jobs import job\nfrom . import pool\nfrom .pool import Pool\n"
    plant_module(tmp_path, "application.jobs.fine", code)

    assert foreign_imports(tmp_path, "application", _INNER_LAYERS["application"]) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_folder_is_a_package(layer: str) -> None:
    """No module stands where import-linter does not look."""
    assert folders_without_init(ROOT, layer) == []


def test_a_folder_that_is_no_package_is_found(tmp_path: Path) -> None:
    """A folder with modules needs an `__init__.py`."""
    plant_packages(tmp_path)
    plant_module(tmp_path, "domain.hidden.fault", "import application")

    assert folders_without_init(tmp_path, "domain") == ["domain/hidden"]


def test_the_contracts_speak_of_all_packages() -> None:
    """There is no package beside the layers."""
    assert top_level_packages(ROOT) == set(LAYERS)


def test_a_package_beside_the_layers_is_found(tmp_path: Path) -> None:
    """A fifth package escapes no notice."""
    plant_packages(tmp_path)
    plant_module(tmp_path, "utils.strings", "")

    assert top_level_packages(tmp_path) == {*LAYERS, "utils"}
