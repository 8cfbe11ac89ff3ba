"""Asynchronous steps are refused: pytest-bdd would never await them, and pass."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.acceptance.async_steps import AsyncStep, pytest_bdd_before_step_call
from tests.acceptance.vocabulary import ROOT

FEATURE = """
Feature: A trap
  Rule: Steps run
    Scenario: A step that never runs
      Then this step fails
"""
STEPS = """
from pytest_bdd import scenarios, then

scenarios(".")

@then("this step fails")
async def this_step_fails():
    raise AssertionError("it ran")
"""
GUARD = "from tests.acceptance.async_steps import pytest_bdd_before_step_call\n"


async def an_async_step() -> None:
    """Stand for a step that was defined with `async def`."""


async def an_async_generator() -> AsyncIterator[None]:
    """Stand for a step with a teardown."""
    yield


def a_plain_step() -> None:
    """Stand for a step as it should be."""


class TestGuard:
    """The hook that pytest-bdd calls before each step."""

    @pytest.mark.parametrize("step", [an_async_step, an_async_generator])
    def test_refuses_asynchronous_steps(self, step: object) -> None:
        """The error names the step and says what to do."""
        with pytest.raises(AsyncStep, match=r"an_async_\w+ is asynchronous.*theatre\.play"):
            pytest_bdd_before_step_call(step)  # type: ignore[arg-type]

    def test_lets_plain_steps_pass(self) -> None:
        """They run."""
        pytest_bdd_before_step_call(a_plain_step)

    @pytest.mark.parametrize(
        ("conftest", "answer"),
        [
            pytest.param("", "1 passed", id="without the guard"),
            pytest.param(GUARD, "AsyncStep: the step this_step_fails is asynchronous", id="with the guard"),
        ],
    )
    def test_turns_a_scenario_that_never_ran_from_green_to_red(
        self,
        tmp_path: Path,
        conftest: str,
        answer: str,
    ) -> None:
        """The trap is there, and it is closed."""
        for name, text in {"trap.feature": FEATURE, "test_trap.py": STEPS, "conftest.py": conftest}.items():
            (tmp_path / name).write_text(text, encoding="utf-8")

        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "pytest_bdd.plugin", "-p", "no:cacheprovider", "-W", "ignore", "."],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

        assert answer in run.stdout
