"""Stylesheets and scripts, under an address that changes with their contents."""

from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_FOLDER = Path(__file__).with_name("static")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_SHEETS = (
    "tokens.css",
    "base.css",
    "top.css",
    "layout.css",
    "states.css",
    "tables.css",
    "forms.css",
    "charts.css",
    "job.css",
    "overlays.css",
)
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets:
    """The files of the folder `static`, read once."""

    def __init__(self) -> None:
        self._files = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir())}
        self.sheets = _SHEETS
        """The names of the stylesheets for every width, what the others build on first."""
        self.version = sha256(b"\0".join(self._files.values())).hexdigest()[:12]

    def path(self, name: str) -> str:
        """Return the path of a file below the dashboard. Raises `KeyError` for one that is not there."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    async def answer(self, request: Request) -> Response:
        """Send a file."""
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        return Response(self._files[name], headers=_FOR_EVER, media_type=_TYPES[Path(name).suffix])
