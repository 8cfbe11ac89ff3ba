"""Where a request comes from."""

from urllib.parse import urlsplit

from starlette.requests import Request


def is_of_this_site(request: Request) -> bool:
    """Tell whether a form was sent from a page of the same host, as far as the browser says.

    Every browser sends an origin along with a form; who sends none is no browser, and has to know a token.
    """
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
