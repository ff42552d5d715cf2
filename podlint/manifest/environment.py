"""A container's environment: what the kubelet knows when it expands `$(NAME)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from podlint.manifest.expansion import Value, expand
from podlint.manifest.model import Environment, EnvVar, FileKey, KeyReference
from podlint.manifest.objects import CONFIG_KEY, ConfigMap
from podlint.manifest.reader import Reader
from podlint.manifest.references import ReferenceState
from podlint.manifest.volumes import normalise_path
from podlint.regex import late
from podlint.source.nodes import MappingNode, ScalarNode
from podlint.source.secrets import is_secret_name

FindConfigMap: TypeAlias = Callable[[str], ConfigMap | None]
"""The ConfigMap of a name in the pod's namespace, None where it is not in the run."""

# Linux refuses longer strings for a new process (MAX_ARG_STRLEN).
MAX_VALUE = 131_072
# Manifests may be built to blow up: an env list that doubles its value forty times, a ConfigMap that a
# thousand containers take in. What a document may come to beyond its own characters is bounded by this, and
# by its size.
MAX_ADDED = 8_388_608
_ADDED_PER_CHARACTER = 4
_NAME_COST = 64

# kubernetes `pkg/kubelet/envvars/envvars.go`: what a Service adds to the pods of its namespace.
_UPPER_CASE = late(r"[A-Z_][A-Z0-9_]*")
_OF_SERVICE = late(
    r"_SERVICE_(?:HOST\Z|PORT(?:\Z|_.))|_PORT_[0-9]++_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?\Z", re.DOTALL
)
_API_SERVICE = late(r"KUBERNETES_[A-Z0-9_]+")
_SOURCES = ("configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef", "fileKeyRef")


def _is_of_service(name: str) -> bool:
    """Whether a variable has a name that a Service would give it."""
    return _UPPER_CASE.fullmatch(name) is not None and _OF_SERVICE.search(name, 1) is not None


class Allowance:
    """How many characters may still be added to what one document holds."""

    __slots__ = ("left",)

    def __init__(self, size: int) -> None:
        """The allowance of a document of `size` characters."""
        self.left = MAX_ADDED + _ADDED_PER_CHARACTER * size

    def take(self, size: int) -> bool:
        """Whether `size` more characters may be added; counts them."""
        if size > self.left:
            return False
        self.left -= size
        return True


class Variables:
    """The variables of one container by name, in the order in which the kubelet sets them
    (kubernetes `pkg/kubelet/kubelet_pods.go`, makeEnvironmentVariables)."""

    __slots__ = ("_allowance", "_lengths", "_opened", "_service_links", "_set", "_static", "_time", "_values")

    def __init__(self, service_links: bool, allowance: Allowance) -> None:
        self._service_links = service_links
        self._allowance = allowance
        self._values: dict[str, Value | None] = {}
        self._static: dict[str, str] = {}
        # Both in steps of `_time`: when a variable was last set, and when a prefix was last opened.
        self._set: dict[str, int] = {}
        self._opened: dict[str, int] = {}
        self._time = 0
        # Few even where there are many prefixes: n of different lengths have some n²/2 characters.
        self._lengths: set[int] = set()

    def set(self, name: str, value: Value | None) -> None:
        """Set a variable; None where its value cannot be known. That of a secret one is not kept, so that no
        message can show it."""
        self._time += 1
        self._set[name] = self._time
        self._values[name] = None if value is not None and value.text and is_secret_name(name) else value

    def set_static(self, name: str, value: str) -> None:
        """Set what exec probes see in place of an `env` entry."""
        self._static[name] = value

    def set_all(self, prefix: str, data: dict[str, str]) -> None:
        """Take in every key of a ConfigMap."""
        if not self._allowance.take(_NAME_COST * len(data)):
            self.open(prefix)
            return
        for key, value in data.items():
            self.set(prefix + key, Value(value))

    def open(self, prefix: str) -> None:
        """Take in an object that is not in the run: any name behind `prefix` may be set, or set anew."""
        self._time += 1
        self._opened[prefix] = self._time
        self._lengths.add(len(prefix))

    def _is_open(self, name: str) -> bool:
        """Whether an object that is not in the run may have set a name after all that is known of it."""
        known = self._set.get(name, 0)
        return any(
            self._opened.get(name[:length], 0) > known and CONFIG_KEY.fullmatch(name, length)
            for length in self._lengths
        )

    def resolve(self, name: str) -> Value | ReferenceState:
        """What `$(NAME)` in command, args and later env entries stands for."""
        if name in self._values:
            value = self._values[name] if not self._is_open(name) else None
            if value is None or len(value.text) > MAX_VALUE or not self._allowance.take(len(value.text)):
                return ReferenceState.UNKNOWN
            return value
        if self._is_open(name):
            return ReferenceState.MAYBE
        if _API_SERVICE.fullmatch(name) or (self._service_links and _is_of_service(name)):
            return ReferenceState.UNKNOWN
        return ReferenceState.UNRESOLVED

    def resolve_in_probe(self, name: str) -> Value | ReferenceState:
        """What `$(NAME)` in the command of an exec probe stands for: the values of `env` entries as they are
        written, the empty string for an entry with `valueFrom`, and nothing else (kubernetes
        `pkg/kubelet/container/helpers.go`, ExpandContainerCommandOnlyStatic)."""
        value = self._static.get(name)
        if value is not None:
            if value and is_secret_name(name):
                return ReferenceState.UNKNOWN
            fits = len(value) <= MAX_VALUE and self._allowance.take(len(value))
            return Value(value) if fits else ReferenceState.UNKNOWN
        if self.resolve(name) is ReferenceState.UNRESOLVED:
            return ReferenceState.UNRESOLVED
        return ReferenceState.LITERAL

    def environment(self) -> Environment:
        """The outcome, for whoever runs in the container."""
        values = {name: None if self._is_open(name) else value for name, value in self._values.items()}
        known = {name: _certain(value) for name, value in values.items()}
        partly = {name: _pieces(value) for name, value in values.items() if value and value.unknown}
        return Environment(known, bool(self._opened), partly)


def read_environment(
    reader: Reader, container: MappingNode, find: FindConfigMap, variables: Variables
) -> tuple[EnvVar, ...]:
    """Read `envFrom`, then `env` in its order, into `variables`; the entries of `env`.

    A later entry of `env` is not visible to an earlier one; of equal names the last wins.
    """
    for entry in reader.mappings(container, "envFrom"):
        _take_in(reader, entry, find, variables)
    found = []
    for entry in reader.mappings(container, "env"):
        name = reader.scalar(entry, "name")
        if name is not None:
            found.append(_read_entry(reader, entry, name, find, variables))
    return tuple(found)


def _take_in(reader: Reader, entry: MappingNode, find: FindConfigMap, variables: Variables) -> None:
    prefix = reader.string(entry, "prefix")
    reference = reader.mapping(entry, "configMapRef")
    found = find(reader.string(reference, "name")) if reference else None
    if found is None:
        variables.open(prefix)
    else:
        variables.set_all(prefix, {key: text.value for key, text in found.data.items()})


def _read_entry(
    reader: Reader, entry: MappingNode, name_node: ScalarNode, find: FindConfigMap, variables: Variables
) -> EnvVar:
    name, span = name_node.value, name_node.span
    value, origin = reader.text(entry, "value"), reader.mapping(entry, "valueFrom")
    variables.set_static(name, value.value if value else "")
    if origin is None or (value is not None and value.value):
        expanded = expand(value, variables.resolve) if value else None
        variables.set(name, Value(expanded.text.value, expanded.unknown) if expanded else Value(""))
        return EnvVar(name, value, expanded, "", span)
    source = next((key for key in _SOURCES if origin.get(key) is not None), "valueFrom")
    key = _read_key(reader, origin, "configMap")
    if key is None:
        variables.set(name, None)
        file, key = _read_file_key(reader, origin), _read_key(reader, origin, "secret")
        return EnvVar(name, None, None, source, span, file, key)
    config_map = find(key.name)
    text = config_map.data.get(key.key) if config_map else None
    if text is not None:
        variables.set(name, Value(text.value))
    elif config_map is None or not key.optional:
        variables.set(name, None)
    return EnvVar(name, None, None, source, span, key=key)


def _read_key(reader: Reader, origin: MappingNode, kind: str) -> KeyReference | None:
    reference = reader.mapping(origin, f"{kind}KeyRef")
    if reference is None:
        return None
    key = reader.scalar(reference, "key")
    return KeyReference(
        kind=kind,
        name=reader.string(reference, "name"),
        key=key.value if key else "",
        optional=reader.boolean(reference, "optional"),
        span=key.span if key else reference.span,
    )


def _read_file_key(reader: Reader, origin: MappingNode) -> FileKey | None:
    reference = reader.mapping(origin, "fileKeyRef")
    if reference is None:
        return None
    path = reader.scalar(reference, "path")
    return FileKey(
        volume=reader.string(reference, "volumeName"),
        path=normalise_path(path.value if path else ""),
        key=reader.string(reference, "key"),
        optional=reader.boolean(reference, "optional"),
        span=path.span if path else reference.span,
    )


def _certain(value: Value | None) -> str | None:
    return value.text if value and not value.unknown else None


def _pieces(value: Value) -> tuple[str | None, ...]:
    """The value cut at its unknown ranges."""
    pieces: list[str | None] = []
    at = 0
    for start, end in value.unknown:
        if start > at:
            pieces.append(value.text[at:start])
        pieces.append(None)
        at = end
    if at < len(value.text):
        pieces.append(value.text[at:])
    return tuple(pieces)
