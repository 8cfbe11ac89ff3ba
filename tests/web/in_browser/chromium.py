"""Where the browser is."""

import os
import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome")

WITHOUT = (
    "NO BROWSER TESTS WERE RUN: there is no Chromium here. Install one (Debian: apt-get install chromium), "
    "or name it in ARROWER_CHROMIUM."
)

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")


def chromium() -> str | None:
    """Return the program; None where there is none."""
    return os.environ.get("ARROWER_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
