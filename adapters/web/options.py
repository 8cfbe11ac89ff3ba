"""How a dashboard behaves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.web.security.visitor import Authenticate

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SECRETS = ("*password*", "*passwd*", "*secret*", "*token*", "*api_key*", "*apikey*", "*authorization*", "*credential*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardOptions:
    """What may be changed. The defaults are safe: nobody can act, and only this machine can look."""

    actions: bool = False
    """Whether visitors may act: retry, cancel, delete, change, enqueue, pause, resume."""
    authenticate: Authenticate | None = None
    """Asked at each request who is there; None lets everybody in who reaches the server."""
    allowed_hosts: Sequence[str] | None = None
    """Names under which the dashboard answers, without ports; `*` is any. None is any where `authenticate`
    keeps strangers out, else those of this machine: a page elsewhere that lets its own name point to this
    machine must not read along."""
    masked: Sequence[str] = SECRETS
    """Names of payload fields whose values are not shown, at any depth; `*` is any text, case does not count."""
    interval: timedelta = timedelta(seconds=2)
    """How often pages that are open are brought up to date. Storage is asked once for all that show the same."""
    longest_act: timedelta = timedelta(seconds=4)
    """How long one request acts on many jobs before it tells how far it has come; the next one goes on."""
    secret: str | None = field(default=None, repr=False)
    """Signs forms. None is a random one; several processes behind one address need the same."""

    @property
    def hosts(self) -> Sequence[str]:
        """The names that are in force."""
        if self.allowed_hosts is not None:
            return self.allowed_hosts
        return LOOPBACK if self.authenticate is None else ("*",)
