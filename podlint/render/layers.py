"""Layers: the kustomizations that one is built of, read and judged before any program is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from msgspec import Struct

from podlint.regex import late
from podlint.render.fields import items, scalar, scalars, word
from podlint.render.hiding import hide_secrets
from podlint.render.names import KUSTOMIZATIONS
from podlint.render.running import RenderError
from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import UndecodableError, decode, read
from podlint.source.documents import split
from podlint.source.nodes import MappingNode, ScalarNode, YamlNode
from podlint.source.span import Source

MAX_LAYERS = 200
"""Kustomizations that one may be built of; real ones have a dozen."""
MAX_BYTES = 1024 * 1024
"""Bytes of one kustomization; kustomize itself has no bound."""

_BASES = ("resources", "bases")
_CONFIGURED = ("generators", "transformers", "validators")
_GENERATORS = ("configMapGenerator", "secretGenerator")
_CHARTS = ("helmCharts", "helmChartInflationGenerator")
# What kustomize takes for a repository to clone or a file to fetch (api/internal/git/repospec.go).
_REMOTE = late(
    r"://|^(?:git::|gh:|[\w.-]+@)|^(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)[/:]|[?&]ref="
    r"|\.git(?:[/?]|$)|/_git/",
    re.IGNORECASE,
)
_WORD_OF_URL = late(r"https?://", re.IGNORECASE)


class Layer(Struct, frozen=True, eq=False):
    """One kustomization: its directory and the path of its file, as the run names them, what stands in it,
    and what it is built on: files of objects, other kustomizations, and components."""

    directory: str
    path: str
    root: MappingNode
    files: tuple[str, ...] = ()
    bases: tuple[Layer, ...] = ()
    components: tuple[Layer, ...] = ()

    @property
    def is_component(self) -> bool:
        """Whether it only makes sense as a part of others."""
        return word(self.root, "kind") == "Component"

    def below(self) -> Iterator[Layer]:
        """The layers right below it."""
        yield from self.bases
        yield from self.components

    def all(self) -> Iterator[Layer]:
        """It and all layers below it, each once."""
        pending, seen = [self], set()
        while pending:
            layer = pending.pop()
            if layer.directory not in seen:
                seen.add(layer.directory)
                yield layer
                pending += layer.below()

    def reads(self) -> Iterator[str]:
        """The files that it and all layers below it read as objects, or as patches of objects."""
        for layer in self.all():
            yield layer.path
            yield from layer.files
            for node in _loaded(layer.root):
                path = layer.place(node.value)
                if "\n" not in node.value and os.path.isfile(path):
                    yield path

    def place(self, name: str) -> str:
        """The path of what its file names."""
        return os.path.normpath(os.path.join(self.directory, name))


def file_in(directory: str) -> str | None:
    """The path of the kustomization in a directory; None where there is none.

    Raises `RenderError` where there are two.
    """
    found = [path for name in KUSTOMIZATIONS if os.path.isfile(path := os.path.join(directory, name))]
    if len(found) > 1:
        names = " and ".join(os.path.basename(path) for path in found)
        raise RenderError(f"has {names}, of which kustomize accepts one")
    return found[0] if found else None


def read_layers(directory: str, inside: str) -> Layer:
    """The kustomization in a directory, with all that it is built on. Nothing outside of the directory
    `inside` is read.

    Raises `RenderError` for what is not built: a kustomization that names something remote, missing or
    outside, one that needs a program or a plug-in, and one that is built on itself.
    """
    return _Reading(os.path.realpath(inside)).layer(os.path.normpath(directory), ())


class _Reading:
    """The reading of one kustomization; each layer is read once."""

    def __init__(self, inside: str) -> None:
        self._inside = inside
        self._known: dict[str, Layer] = {}

    def layer(self, directory: str, above: tuple[str, ...]) -> Layer:
        """The layer in a directory; `above` are the directories that lead to it."""
        real = self._real(directory, directory)
        if real in above:
            raise RenderError(
                f'is built on itself: "{directory}" names it, or what it is built on, as a base'
            )
        if real in self._known:
            return self._known[real]
        path = file_in(directory)
        if path is None:
            raise RenderError(f'names the directory "{directory}", which has no kustomization')
        if len(self._known) >= MAX_LAYERS or len(above) >= MAX_LAYERS:
            raise RenderError(f"is built of more than {MAX_LAYERS} kustomizations")
        self._real(path, path)
        alone = Layer(directory, path, _root_of(path))
        _check(alone)
        files: list[str] = []
        bases: list[Layer] = []
        inner = (*above, real)
        for node in scalars(alone.root, *_BASES):
            place = self._existing(alone, node)
            if os.path.isdir(place):
                bases.append(self.layer(place, inner))
            else:
                files.append(place)
        for node in scalars(alone.root, *_CONFIGURED):
            self._configured(alone, node, inner)
        components = [
            self.layer(self._existing(alone, node), inner) for node in scalars(alone.root, "components")
        ]
        for node in _loaded(alone.root):
            if "\n" not in node.value:
                self._existing(alone, node)
        read = Layer(directory, path, alone.root, tuple(files), tuple(bases), tuple(components))
        self._known[real] = read
        return read

    def _existing(self, layer: Layer, node: ScalarNode) -> str:
        """The path of what a layer names."""
        name = node.value
        if _REMOTE.search(name):
            raise RenderError(f'names a remote base, which is not fetched: "{name}" in {layer.path}')
        if os.path.isabs(name) or not name:
            raise RenderError(f'names an absolute path, or none: "{name}" in {layer.path}')
        place = layer.place(name)
        self._real(place, name)
        if not os.path.exists(place):
            raise RenderError(f'names "{name}" in {layer.path}, where there is neither file nor directory')
        return place

    def _configured(self, layer: Layer, node: ScalarNode, above: tuple[str, ...]) -> None:
        """What configures plug-ins: those that are built into kustomize are no programs."""
        if "\n" in node.value:
            _check_configuration(Source(layer.path, node.value))
            return
        place = self._existing(layer, node)
        if os.path.isdir(place):
            self.layer(place, above)
        else:
            _check_configuration(_source_of(place))

    def _real(self, place: str, name: str) -> str:
        real = os.path.realpath(place)
        if real != self._inside and not real.startswith(os.path.join(self._inside, "")):
            raise RenderError(f'names "{name}", which lies outside of "{self._inside}"')
        return real


def _root_of(path: str) -> MappingNode:
    source = _source_of(path)
    if len(source.text) > MAX_BYTES:
        raise RenderError(f"{path} has more than {MAX_BYTES:,} characters")
    try:
        for document in split(source):
            root = compose(document)
            if isinstance(root, MappingNode):
                hide_secrets(root)
                return root
    except InvalidYaml as error:
        raise RenderError(f"{path} is not valid YAML: {error.message}") from None
    raise RenderError(f"{path} is empty")


def _source_of(path: str) -> Source:
    try:
        return Source(path, decode(read(path)))
    except UndecodableError as error:
        raise RenderError(f"{path} {error.reason}") from None


def _check(layer: Layer) -> None:
    """Raise `RenderError` for what would run a program, or fetch something."""
    for field in _CHARTS:
        if layer.root.get(field) is not None:
            raise RenderError(
                f"{layer.path} has kustomize inflate Helm charts (`{field}`), which would fetch them"
            )


def _check_configuration(source: Source) -> None:
    try:
        roots = [compose(document) for document in split(source)]
    except InvalidYaml as error:
        raise RenderError(f"{source.path} is not valid YAML: {error.message}") from None
    for root in roots:
        kind = word(root, "kind")
        if root is not None and word(root, "apiVersion") != "builtin":
            raise RenderError(f'needs a plug-in, and none is run: "{kind}" in {source.path}')
        if kind.startswith("HelmChart"):
            raise RenderError(f"{source.path} has kustomize inflate Helm charts, which would fetch them")
    if _WORD_OF_URL.search(source.text):
        raise RenderError(f"names something remote, which is not fetched: {source.path}")


def _loaded(root: MappingNode) -> Iterator[ScalarNode]:
    """What a kustomization has kustomize read besides its bases: names of files, and texts in their place."""
    yield from scalars(root, "crds", "configurations", "patchesStrategicMerge")
    for field in ("patches", "patchesJson6902", "replacements"):
        yield from (path for one in items(root, field) if (path := scalar(one, "path")) is not None)
    path = scalar(root.get("openapi"), "path")
    if path is not None:
        yield path
    for field in _GENERATORS:
        for generator in items(root, field):
            yield from _sources(generator)


def _sources(generator: YamlNode) -> Iterator[ScalarNode]:
    """The names of the files that a ConfigMap or Secret is made of."""
    for node in scalars(generator, "files"):
        key, equals, _ = node.value.partition("=")
        yield _without(node, len(key) + 1) if equals else node
    yield from scalars(generator, "envs")
    env = scalar(generator, "env")
    if env is not None:
        yield env


def _without(node: ScalarNode, count: int) -> ScalarNode:
    """A scalar without its first characters."""
    return ScalarNode(node.source, node.start, node.end, node.tag, node.value[count:], node.style)
