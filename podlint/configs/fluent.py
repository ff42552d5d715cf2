"""Configuration of fluent-bit (its classic form) and of fluentd."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from podlint.configs.settings import (
    Kind,
    Line,
    Setting,
    address_pattern,
    lines_of,
    path_pattern,
    port_number,
)
from podlint.regex import late
from podlint.source.text import Text

_DEFAULT_PORTS = {
    "forward": 24224,
    "http": 9880,
    "tcp": 5170,
    "syslog": 5140,
    "udp": 5160,
    "in_forward": 24224,
}
_SERVERS = frozenset({"forward", "http", "tcp", "udp", "syslog", "mqtt", "opentelemetry"})
_TRUE = frozenset({"on", "true", "yes"})
_SECTION = late(r"\[([A-Za-z_]+)\]\s*$")
_TAG = late(r"<(/?)([\w@]++)[^>]*+>\s*$")


class Value(Struct, frozen=True):
    """The value of a key, and where it stands; `length` is that of its source where quotes make it longer."""

    value: str
    start: int
    length: int = -1

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + (len(self.value) if self.length < 0 else self.length)


class Section(Struct):
    """A section or a directive with its keys in lower case. Inner ones of fluentd (`<buffer>`) are its
    `inner`."""

    name: str
    keys: dict[str, Value] = field(default_factory=dict)
    inner: list[Section] = field(default_factory=list)

    def word(self, *names: str) -> str:
        """The value of the first of some keys that is there; "" where none is."""
        return next((self.keys[name].value for name in names if name in self.keys), "")


def read_fluent_bit(text: Text) -> Iterator[Setting]:
    """The settings of a classic configuration (`[INPUT]` and `Key value`)."""
    for section in _sections(text):
        yield from settings_of_section(section, text)


def settings_of_section(section: Section, text: Text) -> Iterator[Setting]:
    """What one section of fluent-bit says, in either of its forms."""
    plugin, kind = section.word("name").lower(), section.name.lower()
    if "@include" in section.keys:
        yield _setting("fluent-bit", Kind.INCLUDE, section.keys["@include"], text)
    if kind == "service":
        yield from _each(section, ("log_file",), Kind.OUTPUT, text)
        yield from _each(section, ("storage.path",), Kind.STATE, text)
        if section.word("http_server").lower() in _TRUE:
            yield from _listener("fluent-bit", section, ("http_listen",), "http_port", 2020, plugin, text)
    elif kind == "input" and plugin == "tail":
        yield from _tail("fluent-bit", section, "db", text)
    elif kind == "input" and plugin in _SERVERS:
        default = _DEFAULT_PORTS.get(plugin)
        if plugin != "syslog" or section.word("mode").lower() in ("tcp", "udp"):
            yield from _listener("fluent-bit", section, ("listen", "host"), "port", default, plugin, text)
    elif kind == "output" and plugin == "file" and "path" in section.keys:
        yield _output_file(section, text)


def _tail(program: str, section: Section, memory: str, text: Text) -> Iterator[Setting]:
    """What an input of type tail follows, and where it remembers how far it has come."""
    from_start = section.word("read_from_head").lower() in _TRUE
    for one in _split(section.keys.get("path")):
        yield replace(_setting(program, Kind.INPUT, one, text, "tail"), from_start=from_start)
    for state in _each(section, (memory,), Kind.STATE, text, "tail", program):
        yield replace(state, positions=True)


def _output_file(section: Section, text: Text) -> Setting:
    """`out_file` writes `Path/File`; without File the tag names the file."""
    directory = section.keys["path"]
    path = path_pattern(directory.value.rstrip("/") + "/" + (section.word("file") or "${tag}"))
    return Setting(
        "fluent-bit",
        Kind.OUTPUT,
        path,
        text=text,
        start=directory.start,
        end=directory.end,
        options=("file",),
    )


def _sections(text: Text) -> Iterator[Section]:
    current = Section("")
    for line in lines_of(text):
        header = _SECTION.match(line.value)
        if header:
            yield current
            current = Section(header[1])
        elif line.value[:1] == "@":
            name, value = _key(line)
            if name == "@include":
                yield Section("", {name: value})
        else:
            name, value = _key(line)
            current.keys.setdefault(name, value)
    yield current


def _key(line: Line) -> tuple[str, Value]:
    """Key and value of a line; the value is what follows the blanks."""
    name, _, _ = line.value.partition(" ")
    name = name.partition("\t")[0]
    rest = line.value[len(name) :]
    value = rest.strip()
    return name.lower(), Value(value, line.start + len(name) + (len(rest) - len(rest.lstrip())))


def _split(value: Value | None) -> Iterator[Value]:
    """The parts of a list with commas."""
    if value is None or "," not in value.value:
        yield from [value] if value is not None and value.value else []
        return
    at = value.start + (value.length > len(value.value))
    for part in value.value.split(","):
        stripped = part.strip()
        if stripped:
            yield Value(stripped, at + part.index(stripped[0]))
        at += len(part) + 1


def _setting(program: str, kind: Kind, value: Value, text: Text, plugin: str = "") -> Setting:
    written = value.value.strip("\"'")
    options = (plugin,) if plugin else ()
    return Setting(
        program, kind, path_pattern(written), text=text, start=value.start, end=value.end, options=options
    )


def _each(
    section: Section,
    names: tuple[str, ...],
    kind: Kind,
    text: Text,
    plugin: str = "",
    program: str = "fluent-bit",
) -> Iterator[Setting]:
    for name in names:
        if name in section.keys:
            yield _setting(program, kind, section.keys[name], text, plugin)


def _listener(
    program: str,
    section: Section,
    hosts: tuple[str, ...],
    port: str,
    default: int | None,
    plugin: str,
    text: Text,
) -> Iterator[Setting]:
    said = section.keys.get(port)
    number = port_number(said.value) if said is not None else default
    at = said or next(iter(section.keys.values()), None)
    if at is not None:
        protocol = "udp" if plugin == "udp" or section.word("mode").lower() == "udp" else "tcp"
        yield Setting(
            program,
            Kind.LISTEN,
            address_pattern(section.word(*hosts)),
            text=text,
            start=at.start,
            end=at.end,
            port=number,
            protocol=protocol,
            options=(plugin,) if plugin else (),
        )


def read_fluentd(text: Text) -> Iterator[Setting]:
    """The settings of a fluentd configuration (`<source>`, `<match>` and what is inside)."""
    for section in _directives(text):
        if "@include" in section.keys:
            yield _setting("fluentd", Kind.INCLUDE, section.keys["@include"], text)
        plugin = section.word("@type", "type").removeprefix("in_")
        if section.name == "source" and plugin == "tail":
            yield from _tail("fluentd", section, "pos_file", text)
        elif section.name == "source" and plugin in _SERVERS:
            default = _DEFAULT_PORTS.get(plugin)
            yield from _listener("fluentd", section, ("bind",), "port", default, plugin, text)
        elif section.name in ("match", "store"):
            yield from _match(section, text)


def _match(section: Section, text: Text) -> Iterator[Setting]:
    """`<match>` and, inside `copy`, its `<store>`s, however deep."""
    pending = [section]
    while pending:
        one = pending.pop()
        plugin = one.word("@type", "type")
        if plugin == "file" and "path" in one.keys:
            # out_file adds time, a chunk's name and a suffix to its path.
            value = one.keys["path"]
            path = path_pattern(value.value.strip("\"'") + "*")
            yield Setting(
                "fluentd", Kind.OUTPUT, path, text=text, start=value.start, end=value.end, options=(plugin,)
            )
        for inner in one.inner:
            if inner.name == "buffer":
                yield from _each(inner, ("path",), Kind.STATE, text, plugin, "fluentd")
        pending += [inner for inner in reversed(one.inner) if inner.name == "store"]


def _directives(text: Text) -> Iterator[Section]:
    """The outermost directives in order, those inside them as their `inner`."""
    stack: list[Section] = []
    for line in lines_of(text):
        tag = _TAG.match(line.value)
        if tag and not tag[1]:
            section = Section(tag[2].lower())
            if stack:
                stack[-1].inner.append(section)
            stack.append(section)
        elif tag:
            done = stack.pop() if stack else None
            if done is not None and not stack:
                yield done
        else:
            name, value = _key(line)
            if stack:
                stack[-1].keys.setdefault(name, value)
            elif name in ("@include", "include"):
                yield Section("", {"@include": value})
    yield from stack[:1]
