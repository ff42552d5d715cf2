"""Configuration of nginx: where it listens, logs, serves from and hands on to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlint.configs.nginx_passes import Passes
from podlint.configs.settings import Kind, Setting, address_pattern, path_pattern, port_number
from podlint.digits import is_number
from podlint.regex import late
from podlint.shell.patterns import EMPTY, Pattern, literal
from podlint.source.text import Text

# A quote that is not closed goes on to the end of the file, which nginx refuses.
_TOKEN = late(
    r"#[^\n]*|\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z)|'(?:[^'\\]|\\.)*+(?:'|\\?\Z)|[{};]|(?:\$\{[^{}\s]*\}|[^\s{};\"'])+",
    re.DOTALL,
)
_LOGS = ("access_log", "error_log")


def read_nginx(text: Text) -> Iterator[Setting]:
    """`listen`, `access_log`, `error_log`, `root`, `pid` and `include` of an nginx configuration, and what it
    hands on to other servers."""
    words: list[re.Match[str]] = []
    passes = Passes(text)
    for token in _TOKEN.finditer(text.value):
        if token[0][0] == "#":
            continue
        if token[0] in ("{", "}", ";"):
            if token[0] == ";" and len(words) > 1:
                yield from _directive(words, text)
                passes.told(words)
            elif token[0] == "{":
                passes.opened(words, token.start())
            elif token[0] == "}":
                passes.closed()
            words = []
        else:
            words.append(token)
    yield from passes.settings()


def _directive(words: list[re.Match[str]], text: Text) -> Iterator[Setting]:
    name, first = words[0][0], words[1]
    value = first[0].strip("\"'")
    options = tuple(word[0] for word in words[2:])
    if name == "listen":
        yield _listen(value, first, options, text)
    elif name in _LOGS and value not in ("off", "stderr") and not value.startswith("syslog:"):
        yield _path("nginx", Kind.OUTPUT, value, first, text, (name,))
    elif name in ("root", "alias"):
        yield _path("nginx", Kind.ROOT, value, first, text, (name,))
    elif name == "pid":
        yield _path("nginx", Kind.STATE, value, first, text, (name,))
    elif name == "include":
        yield _path("nginx", Kind.INCLUDE, value, first, text, ())


def _listen(value: str, at: re.Match[str], options: tuple[str, ...], text: Text) -> Setting:
    """`listen 80`, `listen 127.0.0.1:80`, `listen [::]:80`, `listen unix:/x`."""
    address: Pattern = EMPTY
    port: int | None = 80
    protocol = "udp" if "udp" in options or "quic" in options else "tcp"
    if value.startswith("unix:"):
        address, port, protocol = literal(value[5:]), None, "unix"
    elif is_number(value):
        port = port_number(value)
    else:
        host, colon, number = value.rpartition(":")
        if colon and not value.endswith("]"):
            address, port = address_pattern(host), port_number(number)
        else:
            address = address_pattern(value)
            port = None if "$" in value else port
    return Setting(
        "nginx",
        Kind.LISTEN,
        address,
        text=text,
        start=at.start(),
        end=at.end(),
        port=port,
        protocol=protocol,
        options=options,
    )


def _path(
    program: str, kind: Kind, value: str, at: re.Match[str], text: Text, options: tuple[str, ...]
) -> Setting:
    return Setting(
        program, kind, path_pattern(value), text=text, start=at.start(), end=at.end(), options=options
    )
