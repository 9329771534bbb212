"""Which names the service answers to, against pages that rebind their own name to this computer.

A page of a stranger can make its name point to 127.0.0.1 and then ask the browser for our answers
as if they were its own. Its requests carry that name in Host, so only names that are ours, and
addresses as such, are answered.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::(?P<port>\d{1,5}))?"
)


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The names in Host that are answered.

    Attributes:
        names: of this service, in lower case.
        addresses: any address is ours as well, as no stranger's name can become one.
    """

    names: frozenset[str] = frozenset()
    addresses: bool = False

    @classmethod
    def of(cls, host: str, names: tuple[str, ...] = ()) -> AllowedHosts:
        """Those of a service that listens on `host` and is known by `names` elsewhere."""
        own = {name.lower().rstrip(".") for name in names}
        return cls(frozenset(own | {host.lower()}) | _LOOPBACK_NAMES, not is_loopback(host))

    def allows(self, host: str) -> bool:
        """Whether the value of a Host header names this service."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = (found["v6"] or found["name"]).lower().rstrip(".")
        return name in self.names or (self.addresses and _is_address(name))


def is_loopback(host: str) -> bool:
    """Whether only programs on this computer reach what listens on `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_foreign(origin: str, host: str) -> bool:
    """Whether a page of another site sent a request.

    Args:
        origin: of its Origin header; `null`, as pages without a site have it, is foreign.
        host: of its Host header.
    """
    try:
        parts = urlsplit(origin)
        given, port = parts.netloc.lower(), parts.port
    except ValueError:
        return True
    if parts.scheme not in ("http", "https") or not given:
        return True
    usual = {"http": 80, "https": 443}[parts.scheme]
    wanted = host.lower()
    return given != wanted and not (port in (None, usual) and f"{given}:{usual}" == wanted)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
