"""Addresses as command lines and configuration files write them: `host:port`, `:port`, URLs, `/dev/tcp`."""

from __future__ import annotations

from podlint.digits import is_number, number_of
from podlint.regex import late
from podlint.shell.effects import UNKNOWN_CHARACTER
from podlint.shell.patterns import EMPTY, Hole, Pattern, from_pieces, literal

SCHEMES = {
    "http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "redis": 6379, "rediss": 6379,
    "postgres": 5432, "postgresql": 5432, "mysql": 3306, "mongodb": 27017, "amqp": 5672, "amqps": 5671,
    "tcp": None, "udp": None, "grpc": None,
}  # fmt: skip
"""Schemes of URLs that lead to a port, with the one that is meant where none is given."""

_EVERY = frozenset({"", "0.0.0.0", "::", "[::]", "*", "0", "all"})
_URL = late(r"(?:([A-Za-z][\w+.-]*)://)?(?:[^/@?#]*@)?(\[[^]]*\]|[^:/?#]*)(?::([^/?#,]*))?")
_UNKNOWN = Hole("…", slash=False, empty=False)


def port_of(value: Pattern) -> int | None:
    """A port as a plain number."""
    whole = value.literal
    return _port(whole) if whole is not None else None


def read_address(value: Pattern) -> tuple[Pattern, int | None]:
    """Host and port of `host:port`, `:port`, `host` or a URL; a lone number is a port.

    The port is None where it is missing or not known; a scheme's own stands for a missing one.
    """
    shown = "".join(piece if isinstance(piece, str) else UNKNOWN_CHARACTER for piece in value.pieces)
    if is_number(shown):
        return EMPTY, _port(shown)
    found = _URL.match(shown)
    assert found
    scheme, host, port = found[1], found[2], found[3]
    number = _port(port) if port else SCHEMES.get((scheme or "").lower())
    return _host(host.strip("[]")), number


def scheme_of(value: Pattern) -> str:
    """The scheme of a URL in lower case, "" where there is none."""
    scheme, colon, _ = value.prefix.partition("://")
    return scheme.lower() if colon else ""


def listening(address: Pattern) -> Pattern:
    """The address of a listener: empty for every address, however that was written."""
    return EMPTY if address.literal in _EVERY else address


def _port(text: str) -> int | None:
    number = number_of(text)
    return number if number is not None and number < 65_536 else None


def _host(text: str) -> Pattern:
    if UNKNOWN_CHARACTER not in text:
        return literal(text)
    return from_pieces(_UNKNOWN if char == UNKNOWN_CHARACTER else char for char in text)
