"""What nginx hands on: the servers that it connects to, and the scripts that it asks a FastCGI server for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct, field

from podlint.configs.settings import Kind, Setting, address_pattern, path_pattern, port_number
from podlint.regex import late
from podlint.shell.patterns import EMPTY
from podlint.source.text import Text

_PASSES = {"fastcgi_pass": None, "uwsgi_pass": None, "scgi_pass": None, "grpc_pass": 80, "proxy_pass": 80}
"""Directives that name a server, with the port that is meant where none is given."""
_READ = frozenset({*_PASSES, "listen", "server", "root", "alias", "fastcgi_param", "include"})
_DEPTH = 20
"""Blocks in one another; what lies deeper is not read."""
_PLAIN_INCLUDES = frozenset({"fastcgi_params", "mime.types"})
"""Files of the image that say nothing of SCRIPT_FILENAME (nginx `conf/fastcgi_params`)."""
_SCHEME = late(r"(https?|grpcs?)://")
_SCRIPT = late(
    r"(?:(?P<root>\$document_root|\$\{document_root\}|\$realpath_root)|(?P<path>/[^$\s]*+))/?"
    r"(?:\$fastcgi_script_name|\$\{fastcgi_script_name\})"
)

_Word = re.Match[str]


class _Target(Struct, frozen=True):
    """A server as a configuration writes it; `path` is that of a Unix socket, or the host."""

    path: str
    port: int | None
    protocol: str


class _Block(Struct, dict=True):
    """What stands between braces, as far as it is looked at: its directives by their names."""

    name: str
    label: str
    parent: _Block | None
    depth: int
    at: int = 0
    said: dict[str, list[list[_Word]]] = field(default_factory=dict)

    def around(self) -> Iterator[_Block]:
        """The block itself and those that it stands in, from inside."""
        block: _Block | None = self
        while block is not None:
            yield block
            block = block.parent

    @cached_property
    def parameters(self) -> tuple[bool, _Word | None]:
        """Whether it gives parameters of its own, and the value of SCRIPT_FILENAME among them; none where a
        file that is not read may give it."""
        included = [words[1][0].strip("\"'") for words in self.said.get("include", ())]
        if any(posixpath.basename(path) not in _PLAIN_INCLUDES for path in included):
            return True, None
        parameters = self.said.get("fastcgi_param", ())
        values = [words[2] for words in parameters if words[1][0] == "SCRIPT_FILENAME" and len(words) > 2]
        return bool(included or parameters), values[-1] if values else None


class Passes:
    """The blocks of a configuration, told token by token; and what they hand on, when all are told."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._current = _Block("", "", None, 0)
        self._blocks = [self._current]

    def opened(self, words: list[_Word], at: int) -> None:
        """A block begins, with a brace at that offset."""
        name, label = (words[0][0] if words else ""), (words[1][0] if len(words) > 1 else "")
        self._current = _Block(name, label, self._current, self._current.depth + 1, at)
        if self._current.depth <= _DEPTH:
            self._blocks.append(self._current)

    def closed(self) -> None:
        """The innermost block ends."""
        self._current = self._current.parent or self._current

    def told(self, words: list[_Word]) -> None:
        """A directive of the innermost block."""
        if words[0][0] in _READ and self._current.depth <= _DEPTH:
            self._current.said.setdefault(words[0][0], []).append(words)

    def settings(self) -> Iterator[Setting]:
        """Where nginx connects, and in which directory it has scripts looked for."""
        upstreams = {block.label: block for block in self._blocks if block.name == "upstream"}
        told: set[str] = set()
        for block in self._blocks:
            if block.name == "server" and "listen" not in block.said:
                yield self._listen(block)
            for name, port in _PASSES.items():
                # Another one in the same block is refused.
                for words in block.said.get(name, ())[:1]:
                    target = _target(words[1][0].strip("\"'"), port)
                    if target is None:
                        continue
                    upstream = upstreams.get(target.path)
                    if upstream is not None and target.path not in told:
                        told.add(target.path)
                        yield from self._servers(upstream)
                    elif upstream is None:
                        yield self._connect(target, words[1], (name,))
                    if name == "fastcgi_pass":
                        yield from self._scripts(block, upstream, target)

    def _listen(self, block: _Block) -> Setting:
        """A server that is told no port takes 80 as root, and 8000 else."""
        return Setting(
            "nginx", Kind.LISTEN, EMPTY, text=self._text, start=block.at, end=block.at + 1, port=None
        )

    def _servers(self, upstream: _Block) -> Iterator[Setting]:
        servers = upstream.said.get("server", [])
        options = ("server",) if len(servers) == 1 else ("server", "one of several")
        for words in servers:
            target = _target(words[1][0].strip("\"'"), 80)
            if target is not None:
                yield self._connect(target, words[1], options)

    def _connect(self, target: _Target, at: _Word, options: tuple[str, ...]) -> Setting:
        unix = target.protocol == "unix"
        return Setting(
            "nginx",
            Kind.CONNECT,
            path_pattern(target.path) if unix else address_pattern(target.path),
            text=self._text,
            start=at.start(),
            end=at.end(),
            port=target.port,
            protocol=target.protocol,
            options=options,
        )

    def _scripts(self, block: _Block, upstream: _Block | None, target: _Target) -> Iterator[Setting]:
        """The directory of the scripts that a block asks for, where it says so in one of the usual ways."""
        if upstream is not None:
            servers = upstream.said.get("server", [])
            only = _target(servers[0][1][0].strip("\"'"), 80) if len(servers) == 1 else None
            if only is None:
                return
            target = only
        found = _script_name(block)
        script = _SCRIPT.fullmatch(found[0].strip("\"'")) if found is not None else None
        if found is None or script is None:
            return
        at, directory = _root(block) if script["root"] else (found, script["path"])
        if at is not None and directory.startswith("/") and "$" not in directory:
            yield Setting(
                "nginx",
                Kind.SCRIPTS,
                path_pattern(directory.rstrip("/") or "/"),
                text=self._text,
                start=at.start(),
                end=at.end(),
                port=target.port,
                protocol=target.protocol,
                options=(target.path,),
            )


def _target(value: str, default: int | None) -> _Target | None:
    """A server, None where it is known only when a request comes."""
    if "$" in value:
        return None
    scheme = _SCHEME.match(value)
    rest = value[scheme.end() :] if scheme else value
    if rest.startswith("unix:"):
        return _Target(rest[5:].partition(":")[0], None, "unix")
    host, colon, port = rest.partition("/")[0].rpartition(":")
    if colon and not port.endswith("]"):
        return _Target(host, port_number(port), "tcp")
    secure = scheme is not None and scheme[1] in ("https", "grpcs")
    return _Target(rest.partition("/")[0], 443 if secure else default, "tcp")


def _script_name(block: _Block) -> _Word | None:
    """The value of SCRIPT_FILENAME that holds in a block: parameters are inherited only by blocks that have
    none of their own."""
    return next((found for own, found in (one.parameters for one in block.around()) if own), None)


def _root(block: _Block) -> tuple[_Word | None, str]:
    """The document root that holds in a block."""
    for around in block.around():
        if "alias" in around.said:
            break
        if "root" in around.said:
            word = around.said["root"][-1][1]
            return word, word[0].strip("\"'")
    return None, ""
