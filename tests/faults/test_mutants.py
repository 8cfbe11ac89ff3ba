"""What the run over the SQL breaks: see tests/faults/mutations."""

from pathlib import Path

import pytest

from tests.faults.mutations.conditions import conditions_of_statement
from tests.faults.mutations.equivalent import EQUIVALENT
from tests.faults.mutations.mutants import mutants

ROOT = Path(__file__).parents[2]
CHANGE = """
update jobs as job set state = case when $2 > now() then 'scheduled' else 'ready' end from held
where job.id = held.id and (held.fence = $1 or held.is_forced) and not exists (select from pauses where queue = 'a')
"""


def test_every_condition_is_found() -> None:
    """Whatever joins it to others, and whatever it stands in."""
    found = [(CHANGE[one.start : one.end], one.instead) for one in conditions_of_statement(CHANGE)]

    assert found == [
        ("$2 > now()", "({} or true)"),
        ("job.id = held.id", "({} or true)"),
        ("(held.fence = $1 or held.is_forced)", "({} or true)"),
        ("held.fence = $1", "({} and false)"),
        ("held.is_forced", "({} and false)"),
        ("not exists (select from pauses where queue = 'a')", "({} or true)"),
        ("queue = 'a'", "({} or true)"),
    ]


@pytest.mark.parametrize(
    ("lock", "found"),
    [
        ("for update skip locked", ["skip locked", "for update skip locked"]),
        ("for no key update", ["for no key update"]),
        ("on conflict do nothing", ["on conflict do nothing"]),
    ],
)
def test_every_lock_is_found(lock: str, found: list[str]) -> None:
    """And what it does not wait for."""
    text = f"select from jobs {lock}"

    assert [(text[one.start : one.end], one.instead) for one in conditions_of_statement(text)] == [
        (each, "") for each in found
    ]


def test_each_mutant_is_one_of_its_kind_and_still_python() -> None:
    """A mutant that cannot be read would be noticed by every test."""
    names: set[str] = set()
    for mutant in mutants(ROOT):
        assert mutant.name not in names
        names.add(mutant.name)
        if mutant.path.suffix == ".py":
            compile(mutant.text, mutant.path, "exec")

    assert EQUIVALENT.keys() <= names
