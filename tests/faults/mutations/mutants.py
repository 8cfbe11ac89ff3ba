"""All statements of the Postgres adapter, each with one of its conditions taken out."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.faults.mutations.conditions import conditions_of_migration, conditions_of_statement

SQL = Path("adapters/postgres")
_LONGEST_NAME = 100
_IS_SQL = re.compile(
    r"\b(select|insert into|delete from|update) "  # a statement, or
    r"|\} (where|and) \{|^f\"\w+ where |^\" skip locked|state = '|\{\}.*\"$|^\"worker is not null"  # a piece of one
)


class Mutant(NamedTuple):
    """One condition of one statement, gone."""

    name: str
    path: Path
    text: str
    """The whole file."""
    statement: str
    """What stood there before."""


class _Statement(NamedTuple):
    name: str
    start: int
    end: int


def mutants(root: Path) -> Iterator[Mutant]:
    """Yield every mutant of a copy of the repository."""
    for file in sorted((root / SQL).rglob("*.*")):
        path = file.relative_to(root)
        if not path.is_relative_to(SQL / "orders"):  # the example business
            yield from _mutants_of(path, file)


def _mutants_of(path: Path, file: Path) -> Iterator[Mutant]:
    if file.suffix not in (".py", ".sql"):
        return
    source, seen = file.read_text(), Counter[str]()
    is_python = file.suffix == ".py"
    for statement in _statements(file.stem, source) if is_python else [_Statement(file.stem, 0, len(source))]:
        text = source[statement.start : statement.end]
        for condition in sorted(conditions_of_statement(text) if is_python else conditions_of_migration(text)):
            found = text[condition.start : condition.end]
            name = f"{statement.name}: {_shortened(found)}"
            seen[name] += 1
            numbered = f"{name} ({seen[name]})" if seen[name] > 1 else name
            start, end = statement.start + condition.start, statement.start + condition.end
            changed = source[:start] + condition.instead.replace("{}", found, 1) + source[end:]
            yield Mutant(numbered, path, changed, text)


def _statements(module: str, source: str) -> Iterator[_Statement]:
    lines = source.splitlines(keepends=True)
    before = [sum(map(len, lines[:number])) for number in range(len(lines))]

    def at(line: int, column: int) -> int:  # the parser counts bytes
        return before[line - 1] + len(lines[line - 1].encode()[:column].decode())

    for name, node in _literals(ast.parse(source), ""):
        start = at(node.lineno, node.col_offset)
        end = at(node.end_lineno or node.lineno, node.end_col_offset or 0)
        if _IS_SQL.search(source[start:end]):
            yield _Statement(f"{module}.{name.strip('_').lower()}", start, end)


def _literals(within: ast.AST, name: str) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.iter_child_nodes(within):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield name, node
        else:
            yield from _literals(node, _name_of(node) or name)


def _name_of(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) and target.id.isupper() else ""


def _shortened(condition: str) -> str:
    text = " ".join(condition.split())
    if len(text) <= _LONGEST_NAME:
        return text
    return f"{text[: text.find('select') + len('select')]} …" if "select" in text else f"{text[:_LONGEST_NAME]} …"
