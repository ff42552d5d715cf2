"""Chains: the layers that an object of a build has passed, in the order in which they changed it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice

from podlint.render.fields import word
from podlint.render.layers import Layer

_MOST = 200
"""Ways to an object that are looked at; a base that several layers use twice each has many."""
_LONGEST = 1000
"""Layers that are followed on one way; components may include one another again and again."""
_CHANGING = (
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "labels",
    "commonLabels",
    "commonAnnotations",
    "images",
    "replicas",
    "replacements",
    "transformers",
)
_UNNAMED = ("Namespace", "CustomResourceDefinition", "APIService")
"""Kinds that get neither prefix nor suffix."""


def applied(root: Layer, begins: Callable[[Layer], bool], told: Collection[str]) -> tuple[Layer, ...]:
    """The layers that have changed an object, in order; empty where none `begins` it. `told` are the files
    whose transformers have run on it, as kustomize says: where the object comes in by several ways, the way
    that fits is meant."""
    leading: dict[int, bool] = {}
    _leads(root, begins, leading)
    ways = [tuple(islice(_along(way), _LONGEST)) for way in islice(_ways(root, begins, leading), _MOST)]
    wanted = frozenset(told)
    return min(ways, key=lambda way: len(wanted ^ frozenset(_changing(way))), default=())


def _leads(layer: Layer, begins: Callable[[Layer], bool], known: dict[int, bool]) -> bool:
    """Whether a layer has an object, or a layer below it has; noted, so that each is asked once."""
    if id(layer) not in known:
        below = [_leads(one, begins, known) for one in layer.below()]
        known[id(layer)] = any(below) or begins(layer)
    return known[id(layer)]


def _ways(
    layer: Layer, begins: Callable[[Layer], bool], leading: dict[int, bool]
) -> Iterator[tuple[Layer, ...]]:
    """The ways from a layer to those that have an object, outermost first."""
    if begins(layer):
        yield (layer,)
    for below in layer.below():
        if leading[id(below)]:
            for way in _ways(below, begins, leading):
                yield (layer, *way)


def _along(way: Sequence[Layer]) -> Iterator[Layer]:
    """The layers that change what the last of a way has. Components come before what includes them, and see
    what came before them."""
    came: Layer | None = None
    for layer in reversed(way):
        components = layer.components
        if came is not None and came in components:
            components = components[components.index(came) + 1 :]
        for component in components:
            yield from _along((component,))
        yield layer
        came = layer


def _changing(layers: Sequence[Layer]) -> Iterator[str]:
    return (layer.path for layer in layers if any(layer.root.get(field) for field in _CHANGING))


def names_of(name: str, kind: str, layers: Sequence[Layer]) -> list[str]:
    """The names that an object has had, the last of them behind all prefixes and suffixes."""
    names = [name]
    for layer in layers if kind not in _UNNAMED else ():
        names.append(f"{word(layer.root, 'namePrefix')}{names[-1]}{word(layer.root, 'nameSuffix')}")
    return names
