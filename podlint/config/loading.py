"""From a file to a configuration of which every name is known."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from msgspec import Struct

from podlint.config.errors import ConfigurationError, Fault, Route
from podlint.config.knowledge import extended
from podlint.config.model import Config, Part
from podlint.config.names import UnknownName, preset, rules_of, severities_of
from podlint.config.reading import Table, read_table
from podlint.config.validation import converted
from podlint.findings import Severity
from podlint.knowledge.knowledge import Knowledge
from podlint.manifest.versions import NEWEST, KubeVersion, parse_version, shown
from podlint.source.path_patterns import PathPatterns
from podlint.suppress.configured import ConfiguredIgnore
from podlint.suppress.directive import is_day

_T = TypeVar("_T")


class Layer(Struct, frozen=True):
    """What one part of a configuration says about rules; None where it says nothing. `route` is the way to
    the part, None for a preset."""

    preset: str | None
    select: frozenset[str] | None
    ignore: frozenset[str]
    severities: dict[str, Severity]
    kube_version: KubeVersion | None
    route: Route | None


class Loaded(Struct, frozen=True, eq=False):
    """A configuration that can be used: what it says, and for which paths. `directory` is absolute."""

    directory: str
    table: Table
    config: Config
    base: Layer
    per_path: tuple[tuple[PathPatterns, Layer], ...]
    exclude: PathPatterns
    ignores: tuple[ConfiguredIgnore, ...]
    knowledge: Knowledge | None

    @property
    def path(self) -> str:
        """The file, as it is shown."""
        return self.table.path

    def context(self) -> tuple[str, ...]:
        """The directories to read besides, as paths from the current directory."""
        return tuple(os.path.relpath(os.path.join(self.directory, one)) for one in self.config.context)

    def cache_directory(self) -> str | None:
        """The absolute path of the directory that it names for the cache."""
        return os.path.join(self.directory, self.config.cache_dir) if self.config.cache_dir else None

    def layers(self, path: str) -> list[Layer]:
        """What it says about a path, the last one counting most."""
        return [self.base, *(layer for patterns, layer in self.per_path if patterns.match(path))]


def load(path: str, directory: str) -> Loaded | None:
    """The configuration in a file, the paths in which start from a directory; None for a pyproject.toml that
    is none.

    Raises `ConfigurationError`.
    """
    directory = os.path.abspath(directory)
    table = read_table(path)
    if table is None:
        return None
    config = converted(table, Config)
    faults: list[Fault] = []
    base = _layer(config, (), table, faults)
    per_path = tuple(
        (
            _patterns(part.paths, directory, ("per-path", index, "paths"), table, faults),
            _layer(part, ("per-path", index), table, faults),
        )
        for index, part in enumerate(config.per_path)
    )
    exclude = _patterns(config.exclude, directory, ("exclude",), table, faults)
    ignores = tuple(_ignore(config, index, directory, table, faults) for index in range(len(config.ignores)))
    knowledge = extended(config, table, faults)
    _check_cache(config, directory, table, faults)
    if faults:
        raise ConfigurationError(faults)
    return Loaded(directory, table, config, base, per_path, exclude, ignores, knowledge)


def _check_cache(config: Config, directory: str, table: Table, faults: list[Fault]) -> None:
    """A stranger's configuration is not to say where else on the machine something is written."""
    if config.cache_dir is not None:
        inside = os.path.join(os.path.realpath(directory), "")
        if not os.path.realpath(os.path.join(directory, config.cache_dir)).startswith(inside):
            fault = "leads out of the directory of the configuration, which only --cache-dir may"
            faults.append(table.fault(fault, ("cache-dir",)))


def preset_layer(name: str) -> Layer:
    """What a preset says. Raises `UnknownName`."""
    chosen = preset(name)
    return Layer(
        name,
        rules_of(chosen.select) if chosen.select is not None else None,
        rules_of(chosen.ignore),
        severities_of(chosen.severity),
        None,
        None,
    )


def _layer(part: Part, route: Route, table: Table, faults: list[Fault]) -> Layer:
    """What a part says, with each name that nothing has, and what else makes no sense, added to `faults`."""

    def known(find: Callable[[], _T], place: Route) -> _T | None:
        try:
            return find()
        except UnknownName as error:
            faults.append(table.fault(str(error), (*route, *place)))
            return None

    def rules(key: str, names: Iterable[str]) -> frozenset[str]:
        found = (known(partial(rules_of, [name]), (key, at)) for at, name in enumerate(names))
        return frozenset[str]().union(*filter(None, found))

    if part.preset is not None:
        known(partial(preset, part.preset), ("preset",))
    if part.select == ():
        faults.append(table.fault("names no rule", (*route, "select")))
    version = parse_version(part.kube_version) if part.kube_version is not None else None
    if part.kube_version is not None and version is None:
        fault = f"{part.kube_version!r} is not a version; write it as {shown(NEWEST)!r}"
        faults.append(table.fault(fault, (*route, "kube-version")))
    severities: dict[str, Severity] = {}
    for name in part.severity:
        known(partial(rules_of, [name]), ("severity", name))
    if not faults:
        severities = severities_of(part.severity)
    return Layer(
        part.preset,
        rules("select", part.select) if part.select is not None else None,
        rules("ignore", part.ignore),
        severities,
        version,
        route,
    )


def _ignore(
    config: Config, index: int, directory: str, table: Table, faults: list[Fault]
) -> ConfiguredIgnore:
    """An entry of `ignores`, with what keeps it from ever counting added to `faults`."""
    entry, route = config.ignores[index], ("ignores", index)
    for at, name in enumerate(entry.rules):
        try:
            rules_of([name])
        except UnknownName as error:
            faults.append(table.fault(str(error), (*route, "rules", at)))
    if not entry.rules:
        faults.append(table.fault("names no rule", (*route, "rules")))
    if config.require_reason and not entry.reason:
        faults.append(table.fault("'reason' is missing, which 'require-reason: false' would allow", route))
    if entry.until and not is_day(entry.until):
        faults.append(table.fault(f"{entry.until!r} is not a date such as 2027-01-31", (*route, "until")))
    paths = _patterns(entry.paths, directory, (*route, "paths"), table, faults) if entry.paths else None
    return ConfiguredIgnore(entry.rules, entry.reason, paths, entry.workload, entry.container, entry.until)


def _patterns(
    patterns: Iterable[str], directory: str, route: Route, table: Table, faults: list[Fault]
) -> PathPatterns:
    try:
        return PathPatterns.of(directory, patterns)
    except ValueError as error:
        faults.append(table.fault(str(error), route))
        return PathPatterns.of(directory, ())
