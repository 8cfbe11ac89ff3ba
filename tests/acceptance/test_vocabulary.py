"""How the features are written, and with which steps."""

import re
from pathlib import Path

import pytest
from pytest_bdd.parsers import StepParser

from tests.acceptance.vocabulary import FEATURES, StepText, definitions, documented, features, scenarios, steps_used

FOREIGN_WORDS = re.compile(
    r"postgres|memory|sql|table|row|database|adapter|asyncpg|python|thread|connection|millisecond|\bms\b|\bI\b",
    re.IGNORECASE,
)


class TestFeatures:
    """Declarative, and in the language of the queue."""

    def test_there_is_one_for_each_promise(self) -> None:
        """None of them got lost."""
        names = {path.stem for path in FEATURES.glob("*.feature")}

        assert names >= {
            "bad_input",
            "exactly_once",
            "priority",
            "queues",
            "retry",
            "scheduling",
            "shutdown",
            "transactions",
            "unknown_types",
            "worker_failure",
        }

    def test_every_scenario_belongs_to_a_rule(self) -> None:
        """Rules name the promises."""
        assert [scenario.name for scenario in scenarios() if scenario.rule is None] == []

    def test_every_scenario_has_one_event(self) -> None:
        """It has some state before it or none, exactly one When, and something to be seen after it."""
        for scenario in scenarios():
            kinds = [step.type for step in scenario.steps]

            assert kinds.count("when") == 1, scenario.name
            assert kinds == sorted(kinds, key=["given", "when", "then"].index), scenario.name
            assert kinds[-1] == "then", scenario.name

    def test_names_are_unique(self) -> None:
        """Of two scenarios with one name in a feature, pytest-bdd would play one."""
        for feature in features():
            text = Path(feature.filename).read_text(encoding="utf-8")
            written = re.findall(r"^\s*Scenario(?: Outline)?: (.*)$", text, re.MULTILINE)

            assert written == list(feature.scenarios), feature.filename

    def test_no_adapter_is_named(self) -> None:
        """Nor anything else that a step should not know."""
        for path in FEATURES.glob("*.feature"):
            assert FOREIGN_WORDS.findall(path.read_text(encoding="utf-8")) == [], path.name


class TestVocabulary:
    """A closed set of steps."""

    def test_every_step_used_has_one_meaning(self) -> None:
        """Exactly one definition fits it."""
        defined = definitions()

        for step in set(steps_used()):
            fitting = [text for text, context in defined.items() if fits(step, text, context.parser)]
            assert len(fitting) == 1, (step, fitting)

    def test_every_definition_is_used(self) -> None:
        """There are no words for what is never said."""
        used = set(steps_used())

        idle = [
            text
            for text, context in definitions().items()
            if not any(fits(step, text, context.parser) for step in used)
        ]
        assert idle == []

    def test_every_definition_is_documented_and_nothing_else(self) -> None:
        """The README of the features lists them all."""
        assert sorted(documented()) == sorted(definitions())


def fits(step: StepText, definition: StepText, parser: StepParser) -> bool:
    """Tell whether a step could be meant by a definition."""
    return step.kind == definition.kind and parser.is_matching(step.text)


@pytest.mark.parametrize("word", ["Postgres", "a row", "50 ms", "I enqueue"])
def test_foreign_words_are_found(word: str) -> None:
    """The list of what must not be named bites."""
    assert FOREIGN_WORDS.search(f"Given {word} is there")
