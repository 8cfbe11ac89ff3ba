"""The code in the pages."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("features/*.md")])

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"# (\S+)\n(.*)", re.DOTALL)


class Snippet(NamedTuple):
    """A block of code: its language, and what it says."""

    language: str
    text: str

    def play(self, root: Path) -> None:
        """Write the file that it names in its first line or, if it is a `diff`, change it."""
        named = _NAMED.fullmatch(self.text)
        assert named, f"names no file: {self.text}"
        name, text = named.groups()
        file = root / name
        if self.language == "diff":
            text = _changed(file.read_text(encoding="utf-8"), text)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def snippets_of(page: Path, *languages: str) -> list[Snippet]:
    """Return the blocks of these languages, in their order."""
    blocks = (Snippet(*block) for block in _BLOCK.findall(page.read_text(encoding="utf-8")))
    return [block for block in blocks if block.language in languages]


def _changed(text: str, diff: str) -> str:
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    assert text.count(before) == 1, f"stands there {text.count(before)} times:\n{before}"
    return text.replace(before, after)
