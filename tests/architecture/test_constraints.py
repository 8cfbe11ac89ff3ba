"""constraints.txt, from which everything is installed."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.layers import ROOT

_LINE = re.compile(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+( ; [^:/]+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?")
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", re.MULTILINE)


def _constraints() -> str:
    return (ROOT / "constraints.txt").read_text(encoding="utf-8")


def _requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["dev"]]


@pytest.mark.parametrize("requirement", _requirements())
def test_every_requirement_is_pinned(requirement: str) -> None:
    """A requirement in pyproject.toml has a version that meets it; `make constraints` sees to that."""
    versions = {canonicalize_name(name): version for name, version in _PINNED.findall(_constraints())}
    needed = Requirement(requirement)

    assert versions.get(canonicalize_name(needed.name), "none") in needed.specifier


def test_no_host_is_named() -> None:
    """Where packages come from is up to each machine: nothing but versions and hashes stands there."""
    lines = _constraints().splitlines()

    assert lines
    assert [line for line in lines if not _LINE.fullmatch(line)] == []
