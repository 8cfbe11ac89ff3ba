"""The page that leads from the template to one's own domain, played word for word."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.snippets import ROOT, snippets_of

_PAGE = ROOT / "docs" / "first-steps.md"
_PARTS = ("domain", "application", "adapters", "infrastructure", "tests")
_OWN_TESTS = ("tests/unit/lending", "tests/contract/test_loans.py", "tests/unit/composition")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a copy of this repository after steps 1 to 6."""
    root = tmp_path_factory.mktemp("library")
    for part in _PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    for snippet in snippets_of(_PAGE, "python", "diff"):
        snippet.play(root)
    yield root
    shutil.rmtree(root)


def _run(tree: Path, program: str, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_its_tests_are_green(tree: Path) -> None:
    """In memory and on PostgreSQL."""
    _run(tree, "python", "-m", "pytest", "-q", *_OWN_TESTS)


def test_its_code_is_as_it_should_be(tree: Path) -> None:
    """Nothing is left to be put in order, and no arrow points outwards."""
    _run(tree, "ruff", "check", "--no-cache", ".")
    _run(tree, "ruff", "format", "--no-cache", "--check", ".")
    _run(tree, "lint-imports", "--no-cache")


def test_what_goes_is_there() -> None:
    """Each path that step 7 removes exists."""
    removed = [
        path
        for snippet in snippets_of(_PAGE, "sh")
        for line in snippet.text.splitlines()
        if line.startswith("git rm -rq ")
        for path in line.split()[3:]
    ]

    assert removed
    assert [path for path in removed if not (ROOT / path).exists()] == []
