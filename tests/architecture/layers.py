"""What is read from the source of the layers, without importing it."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
THE_BUSINESS = "The queue does not know the business that uses it"
_RULES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
LAYERS: list[str] = _RULES["root_packages"]
BUSINESS: list[str] = next(
    contract["forbidden_modules"] for contract in _RULES["contracts"] if contract["name"] == THE_BUSINESS
)
"""The packages of the application's own business, in domain and application."""


def foreign_imports(root: Path, layer: str, allowed: set[str]) -> list[str]:
    """Return the imports of a layer, wherever they stand, that are neither allowed nor of the standard library."""
    known = allowed | sys.stdlib_module_names
    return [
        f"{file.relative_to(root)}:{line}: {name}"
        for file in sorted((root / layer).rglob("*.py"))
        for line, name in _imported_packages(file)
        if name not in known
    ]


def folders_without_init(root: Path, layer: str) -> list[str]:
    """Return the folders of a layer that hold modules and are no packages; import-linter overlooks them."""
    folders = {file.parent for file in (root / layer).rglob("*.py")}
    return sorted(str(folder.relative_to(root)) for folder in folders if not (folder / "__init__.py").exists())


def top_level_packages(root: Path) -> set[str]:
    """Return the folders beside pyproject.toml that hold modules, except the tests."""
    folders = (folder for folder in root.iterdir() if folder.is_dir() and folder.name.isidentifier())
    return {folder.name for folder in folders if any(folder.rglob("*.py"))} - {"tests"}


def _imported_packages(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]
