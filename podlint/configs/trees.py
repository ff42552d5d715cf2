"""Configuration in YAML and TOML: filebeat, promtail, vector, and fluent-bit's newer form."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.configs.fluent import Section, Value, settings_of_section
from podlint.configs.settings import Kind, Setting, address_pattern, lines_of, path_pattern, port_number
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import split
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Source
from podlint.source.text import Text

_TABLE = late(r"\[++\s*+([^]]++)\]++\s*+(?:#.*)?$")
_PAIR = late(r"([\w.\"'-]+)\s*=\s*(.*)$")
# A quote that is not closed goes on to the end of the line.
_STRING = late(r"\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|[\"'].*")


def _root(text: Text) -> MappingNode | None:
    """The first document, where it is a mapping. Offsets of its nodes are those of the text."""
    try:
        for document in split(Source("", text.value)):
            root = compose(document)
            return root if isinstance(root, MappingNode) else None
    except InvalidYaml:
        pass
    return None


def _at(node: MappingNode | None, dotted: str) -> YamlNode | None:
    """A value by its path; Beats and Vector let `a.b` stand for `a: {b: …}` at any place."""
    if node is None:
        return None
    whole = node.get(dotted)
    if whole is not None:
        return whole
    parts = dotted.split(".")
    for cut in range(1, len(parts)):
        inner = node.get(".".join(parts[:cut]))
        if isinstance(inner, MappingNode):
            found = _at(inner, ".".join(parts[cut:]))
            if found is not None:
                return found
    return None


def _scalars(node: YamlNode | None) -> Iterator[ScalarNode]:
    """A scalar, or the scalars of a list."""
    for one in node.items if isinstance(node, SequenceNode) else [node]:
        if isinstance(one, ScalarNode) and one.value:
            yield one


def _mappings(node: YamlNode | None) -> Iterator[MappingNode]:
    for one in node.items if isinstance(node, SequenceNode) else ():
        if isinstance(one, MappingNode):
            yield one


def _word(node: MappingNode, name: str) -> str:
    value = _at(node, name)
    return value.value if isinstance(value, ScalarNode) else ""


def _settings(
    program: str,
    kind: Kind,
    node: YamlNode | None,
    text: Text,
    plugin: str = "",
    tail: str = "",
    *,
    from_start: bool = True,
) -> Iterator[Setting]:
    """The paths of a scalar or a list. These programs read a file that is new to them from its first line,
    and keep all their state in one place."""
    for one in _scalars(node):
        yield Setting(
            program,
            kind,
            path_pattern(one.value + tail),
            text=text,
            start=one.start,
            end=one.end,
            options=(plugin,) if plugin else (),
            positions=kind is Kind.STATE,
            from_start=from_start and kind is Kind.INPUT,
        )


def _listener(program: str, node: YamlNode | None, address: str, text: Text) -> Iterator[Setting]:
    for one in _scalars(node):
        host, colon, port = one.value.rpartition(":")
        yield Setting(
            program,
            Kind.LISTEN,
            address_pattern(host if colon else address),
            text=text,
            start=one.start,
            end=one.end,
            port=port_number(port),
        )


def read_filebeat(text: Text) -> Iterator[Setting]:
    """Inputs, modules' paths are left out; registry, file output and its own logs."""
    root = _root(text)
    if root is None:
        return
    inputs = _at(root, "filebeat.inputs") or _at(root, "filebeat.prospectors")
    for one in _mappings(inputs):
        if _word(one, "enabled").lower() != "false":
            yield from _filebeat_input(one, text)
    for one in _mappings(_at(root, "filebeat.autodiscover.providers")):
        for template in _mappings(_at(one, "templates")):
            for config in _mappings(_at(template, "config")):
                yield from _filebeat_input(config, text)
    for name in ("path.data", "filebeat.registry.path"):
        yield from _settings("filebeat", Kind.STATE, _at(root, name), text)
    output = _at(root, "output.file")
    if isinstance(output, MappingNode):
        tail = "/" + (_word(output, "filename") or "filebeat") + "*"
        yield from _settings("filebeat", Kind.OUTPUT, _at(output, "path"), text, "file", tail)
    yield from _settings("filebeat", Kind.OUTPUT, _at(root, "logging.files.path"), text, "log", "/*")
    if _word(root, "http.enabled").lower() == "true":
        yield from _listener(
            "filebeat", _at(root, "http.port"), _word(root, "http.host") or "localhost", text
        )


def _filebeat_input(node: MappingNode, text: Text) -> Iterator[Setting]:
    from_start = _word(node, "tail_files").lower() != "true"
    paths = _at(node, "paths")
    yield from _settings("filebeat", Kind.INPUT, paths, text, _word(node, "type"), from_start=from_start)


def read_promtail(text: Text) -> Iterator[Setting]:
    """`__path__` of the targets, the positions file and the server's port."""
    root = _root(text)
    if root is None:
        return
    for scrape in _mappings(_at(root, "scrape_configs")):
        for static in _mappings(_at(scrape, "static_configs")):
            yield from _settings("promtail", Kind.INPUT, _at(static, "labels.__path__"), text)
    yield from _settings("promtail", Kind.STATE, _at(root, "positions.filename"), text)
    for name in ("server.http_listen_port", "server.grpc_listen_port"):
        for one in _listener("promtail", _at(root, name), _word(root, "server.http_listen_address"), text):
            if one.port != 0:
                yield one


def read_vector(text: Text) -> Iterator[Setting]:
    """Sources and sinks that are files, sources that listen, the data directory and the API."""
    root = _root(text)
    if root is None:
        yield from _read_vector_toml(text)
        return
    yield from _settings("vector", Kind.STATE, _at(root, "data_dir"), text)
    for group in ("sources", "sinks"):
        holder = _at(root, group)
        for _, one in holder.entries() if isinstance(holder, MappingNode) else ():
            if isinstance(one, MappingNode):
                kind = _word(one, "type")
                if group == "sources" and kind == "file":
                    from_start = _word(one, "read_from") != "end"
                    paths = _at(one, "include")
                    yield from _settings("vector", Kind.INPUT, paths, text, kind, from_start=from_start)
                elif group == "sinks" and kind == "file":
                    yield from _settings("vector", Kind.OUTPUT, _at(one, "path"), text, kind)
                elif group == "sources":
                    yield from _listener("vector", _at(one, "address"), "", text)
    if _word(root, "api.enabled").lower() == "true":
        yield from _listener("vector", _at(root, "api.address"), "", text)


def _read_vector_toml(text: Text) -> Iterator[Setting]:
    """The same, from TOML: tables and pairs on one line each, lists on one line or more."""
    table, kinds, pending = "", dict[str, str](), list[tuple[str, str, Value]]()
    from_end = set[str]()
    open_list = ""
    for line in lines_of(text):
        header, pair = _TABLE.match(line.value), _PAIR.match(line.value)
        if open_list:
            pending += [(table, open_list, one) for one in _strings(line.value, line.start)]
            open_list = "" if "]" in _STRING.sub("", line.value) else open_list
        elif header and not pair:
            table = header[1].rstrip()
        elif pair:
            name, written = pair[1], pair[2]
            values = list(_strings(written, line.start + pair.start(2)))
            pending += [(table, name, one) for one in values]
            if name == "type" and values:
                kinds[table] = values[0].value
            if name == "read_from" and values and values[0].value == "end":
                from_end.add(table)
            open_list = name if written.startswith("[") and "]" not in _STRING.sub("", written) else ""
    for where, name, value in pending:
        kind = _toml_kind(where, name, kinds.get(where, ""))
        if kind is not None:
            yield Setting(
                "vector",
                kind,
                path_pattern(value.value),
                text=text,
                start=value.start,
                end=value.end,
                options=(kinds[where],) if where in kinds else (),
                positions=kind is Kind.STATE,
                from_start=kind is Kind.INPUT and where not in from_end,
            )


def _strings(written: str, start: int) -> Iterator[Value]:
    for found in _STRING.finditer(written):
        if found.lastindex is not None:
            yield Value(found[found.lastindex], start + found.start() + 1)


def _toml_kind(table: str, name: str, kind: str) -> Kind | None:
    if not table and name == "data_dir":
        return Kind.STATE
    if table.startswith("sources.") and kind == "file" and name == "include":
        return Kind.INPUT
    return Kind.OUTPUT if table.startswith("sinks.") and kind == "file" and name == "path" else None


def read_fluent_bit_yaml(text: Text) -> Iterator[Setting]:
    """`service`, `pipeline.inputs` and `pipeline.outputs`, with the keys of the classic form."""
    root = _root(text)
    if root is None:
        return
    for one in _scalars(_at(root, "includes")):
        yield Setting(
            "fluent-bit", Kind.INCLUDE, path_pattern(one.value), text=text, start=one.start, end=one.end
        )
    service = _at(root, "service")
    if isinstance(service, MappingNode):
        yield from settings_of_section(_section("service", service), text)
    for name, kind in (("inputs", "input"), ("outputs", "output")):
        for plugin in _mappings(_at(root, f"pipeline.{name}")):
            yield from settings_of_section(_section(kind, plugin), text)


def _section(name: str, node: MappingNode) -> Section:
    keys = {
        key.value.lower(): Value(value.value, value.start, value.end - value.start)
        for key, value in node.entries()
        if isinstance(value, ScalarNode)
    }
    return Section(name, keys)
