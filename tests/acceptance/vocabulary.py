"""The steps that are defined, those that are used, and those that are documented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from pytest_bdd.parser import Feature, FeatureParser, ScenarioTemplate
from pytest_bdd.steps import StepFunctionContext, StepNamePrefix, step_function_context_registry

from tests.acceptance.steps import given_jobs, given_units, given_workers, then, when

ROOT = Path(__file__).parents[2]
FEATURES = ROOT / "features"
MODULES: tuple[ModuleType, ...] = (given_jobs, given_units, given_workers, when, then)


@dataclass(frozen=True, order=True)
class StepText:
    """A step as it is written: in a feature, or with open places in a definition."""

    kind: str
    text: str


def features() -> list[Feature]:
    """Read all feature files."""
    paths = sorted(FEATURES.glob("*.feature"))
    return [FeatureParser(str(path.parent), path.name).parse() for path in paths]


def scenarios() -> list[ScenarioTemplate]:
    """Return all scenarios, outlines not filled in."""
    return [scenario for feature in features() for scenario in feature.scenarios.values()]


def steps_used() -> Iterator[StepText]:
    """Go through the steps of all scenarios, those of backgrounds and all examples included."""
    for template in scenarios():
        contexts = [context for examples in template.examples for context in examples.as_contexts()] or [{}]
        for context in contexts:
            for step in template.render(context).steps:
                yield StepText(step.type, step.name)


def definitions() -> dict[StepText, StepFunctionContext]:
    """Return the step definitions by their texts."""
    found: dict[StepText, StepFunctionContext] = {}
    for module in MODULES:
        for name, fixture in vars(module).items():
            if name.startswith(StepNamePrefix.step_def.value):
                context = step_function_context_registry[fixture._get_wrapped_function()]
                found[StepText(str(context.type), context.parser.name)] = context
    return found


def documented() -> list[StepText]:
    """Return the steps that the README of the features lists, in code spans below a heading for each kind."""
    kind, found = "", list[StepText]()
    for line in (FEATURES / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            kind = line.removeprefix("### ").strip().lower()
        elif kind and (entry := re.match(r"- `([^`]+)`", line)):
            found.append(StepText(kind, entry[1]))
    return found
