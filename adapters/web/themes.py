"""Light, dark, or as the system has it."""

from starlette.requests import Request

THEME_COOKIE = "arrower_theme"
THEMES = ("light", "", "dark")


def theme_of(request: Request) -> str:
    """Return what the visitor chose; empty is as the system has it."""
    theme = request.cookies.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""
