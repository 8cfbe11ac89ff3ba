"""The names under which the log is written."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.layers import LAYERS, ROOT


def loggers(layer: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield where the modules of a layer ask for a logger, and by what name."""
    for file in sorted((ROOT / layer).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("getLogger") and node.args:
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node.args[0]


@pytest.mark.parametrize("layer", LAYERS)
def test_each_stands_under_the_name_of_the_queue_and_is_documented(layer: str) -> None:
    """So that who turns `arrower` up, down or aside has all of them."""
    told = (ROOT / "docs/observability.md").read_text(encoding="utf-8")
    for place, name in loggers(layer):
        words = ast.literal_eval(name) if isinstance(name, ast.Constant) else "the name of its module"
        assert f"{words}.".startswith("arrower."), place
        assert f"`{words}`" in told, place


def test_there_are_some() -> None:
    """Otherwise nothing was looked at."""
    assert any(list(loggers(layer)) for layer in LAYERS)
