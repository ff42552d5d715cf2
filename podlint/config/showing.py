"""What is in force for a path, as text with the places that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from podlint.config.errors import Route
from podlint.config.names import rules_of
from podlint.config.resolve import InForce, Resolver, Wanted
from podlint.manifest.versions import shown as shown_version
from podlint.pages import GROUPS

if TYPE_CHECKING:
    from podlint.config.loading import Layer, Loaded

DEFAULT = "default"
_OF_RUN = (
    "fail-on",
    "min-severity",
    "strict",
    "render",
    "baseline",
    "exclude",
    "context",
    "require-reason",
    "cache",
    "cache-dir",
)


def shown(resolver: Resolver, path: str) -> str:
    """Each setting on a line of its own: its key, its value, and where it comes from.

    Raises `ConfigurationError`.
    """
    loaded = resolver.of_path(path)
    layers = [] if loaded is None else loaded.layers(path)
    rows = [*_rules(InForce.of(layers, Wanted()), loaded), *_run(loaded)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    head = "no configuration\n" if loaded is None else f"{loaded.path}\n"
    lines = (f"  {key:{widths[0]}}  {value:{widths[1]}}  {origin}".rstrip() for key, value, origin in rows)
    return head + "".join(f"{line}\n" for line in lines)


def _rules(now: InForce, loaded: Loaded | None) -> Iterator[tuple[str, str, str]]:
    """What differs from path to path."""
    preset, layer = now.preset
    yield "preset", preset, _origin(loaded, layer, ("preset",))
    select, layer = now.select
    yield "select", _listed(_grouped(select)) or "all rules", _origin(loaded, layer, ("select",))
    for rule, one in sorted(now.ignore.items()):
        yield "ignore", rule, _origin(loaded, one, ("ignore",))
    for rule, (level, one) in sorted(now.severities.items()):
        yield f"severity.{rule}", level.value, _origin(loaded, one, ("severity", rule))
    version, layer = now.kube_version
    yield "kube-version", shown_version(version), _origin(loaded, layer, ("kube-version",))


def _grouped(rules: frozenset[str]) -> Iterator[str]:
    """The groups of which all rules are among these, then the other rules."""
    left = set(rules)
    for group in GROUPS:
        members = rules_of([group])
        if members <= rules:
            left -= members
            yield group
    yield from sorted(left)


def _run(loaded: Loaded | None) -> Iterator[tuple[str, str, str]]:
    """What holds for a whole run, where the configuration says it."""
    if loaded is None:
        return
    for key in _OF_RUN:
        value = loaded.table.data.get(key)
        if value is not None:
            text = _listed(map(str, value)) if isinstance(value, list) else str(value)
            yield key, text.lower() if isinstance(value, bool) else text, _place(loaded, (key,))
    for key in ("ignores", "commands", "images"):
        value = loaded.table.data.get(key)
        if isinstance(value, list | dict):
            yield key, str(len(value)), _place(loaded, (key,))


def _origin(loaded: Loaded | None, layer: Layer | None, key: Route) -> str:
    if layer is None or loaded is None:
        return DEFAULT
    return f"preset {layer.preset}" if layer.route is None else _place(loaded, (*layer.route, *key))


def _place(loaded: Loaded, route: Route) -> str:
    position = loaded.table.position(route)
    return f"{loaded.path}:{position.line}" if position else loaded.path


def _listed(values: Iterable[str]) -> str:
    return ", ".join(values)
