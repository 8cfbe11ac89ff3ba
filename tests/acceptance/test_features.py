"""The delivery contract, in Gherkin."""

import pytest
from pytest_bdd import scenarios

# Named here, because a parametrised fixture that only steps ask for does not parametrise their scenarios.
pytestmark = pytest.mark.usefixtures("theatre")

scenarios(".")
