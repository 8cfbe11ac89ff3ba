"""All pages: what they point to is there."""

import re
from pathlib import Path

import pytest

from tests.docs.snippets import PAGES, ROOT, snippets_of

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_TARGET = re.compile(r"\bmake ([a-z]+)\b")
_SPAN = re.compile(r"`([^`\n]+)`")


def _anchors(page: Path) -> set[str]:
    headings = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """To a file or folder of this repository and, where they name one, to a heading in it."""
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_targets_of_make_exist(page: Path) -> None:
    """Whoever types what is shown is not told that there is no such thing."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = [snippet.text for snippet in snippets_of(page, "sh")]
    for code in commands + _SPAN.findall(page.read_text(encoding="utf-8")):
        for target in _TARGET.findall(code):
            assert f"\n{target}:" in makefile, code
