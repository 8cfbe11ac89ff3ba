"""Under which names the dashboard answers."""

from collections.abc import Sequence

from starlette.datastructures import Headers


def is_allowed(headers: Headers, allowed: Sequence[str]) -> bool:
    """Tell whether the host of a request is one of the allowed names."""
    if "*" in allowed:
        return True
    host = headers.get("host", "").lower()
    name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return name in {allowed_name.lower() for allowed_name in allowed}
