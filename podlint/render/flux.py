"""Flux: what a HelmRelease gives to the chart that it deploys.

As of fluxcd.io/flux/components/helm/helmreleases and fluxcd.io/flux/components/source/helmcharts.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from podlint.render.config_maps import ConfigMaps
from podlint.render.fields import at, items, scalar, scalars, word
from podlint.render.given import Deployment, Given, Parameter, given_file, given_node, given_text, is_missing
from podlint.render.references import Deployer
from podlint.render.running import RenderError
from podlint.source.nodes import YamlNode
from podlint.source.values import as_bool

_LONGEST, _KEPT, _HASHED = 53, 40, 12
_QUOTES = "'\""


def deployment_of(one: Deployer, directory: str, config_maps: ConfigMaps) -> Deployment:
    """How a HelmRelease deploys the chart in a directory. Raises `RenderError` where that is not known."""
    spec = one.spec
    if items(spec, "postRenderers"):
        raise RenderError("its postRenderers change what is rendered")
    files = list(_values_files(one, directory))
    inline = at(spec, "values")
    values, parameters = _references(one, config_maps)
    metadata = at(one.root, "metadata")
    target = word(spec, "targetNamespace")
    composed = f"{target}-{word(metadata, 'name')}" if target else word(metadata, "name")
    return Deployment(
        release_name=word(spec, "releaseName") or _shortened(composed),
        namespace=target or word(metadata, "namespace"),
        values=(*files, *values, *((given_node(inline),) if inline is not None else ())),
        parameters=tuple(parameters),
        keeps_defaults=not files,
    )


def _values_files(one: Deployer, directory: str) -> Iterator[Given]:
    """The files that stand for the chart's values.yaml, by their paths in the repository."""
    chart = at(one.spec, "chart", "spec")
    ignores = as_bool(at(chart, "ignoreMissingValuesFiles"))
    # The one field is older than the other, and comes first.
    first = scalar(chart, "valuesFile")
    for node in (*((first,) if first is not None else ()), *scalars(chart, "valuesFiles")):
        name = node.value.lstrip("/")
        if not (ignores and is_missing(name, one.top)):
            yield given_file(name, one.top, directory, one.top)


def _references(one: Deployer, config_maps: ConfigMaps) -> tuple[list[Given], list[Parameter]]:
    """What it takes from other objects: files of values, which inline values overwrite, and single values,
    which overwrite these."""
    values: list[Given] = []
    parameters: list[Parameter] = []
    namespace = word(at(one.root, "metadata"), "namespace")
    for reference in items(one.spec, "valuesFrom"):
        kind, name = word(reference, "kind"), word(reference, "name")
        if kind != "ConfigMap":
            raise RenderError(f'it takes values from {kind} "{name}", and Secrets are not read')
        key, target = word(reference, "valuesKey") or "values.yaml", word(reference, "targetPath")
        node = config_maps.value(name, namespace, key)
        if target:
            option, value = _option(reference, node.value)
            parameters.append(Parameter(option, target, value, node.span))
        elif parameters:
            raise RenderError('it takes values as a whole behind one with a "targetPath"')
        else:
            values.append(given_text(node))
    return values, parameters


def _option(reference: YamlNode, value: str) -> tuple[str, str]:
    """The option of helm that sets a value in this way, and the value that it is told."""
    if as_bool(at(reference, "literal")):
        return "--set-literal", value
    if any(value.startswith(quote) and value.endswith(quote) for quote in _QUOTES):
        return "--set-string", value.strip(_QUOTES)
    return "--set", value


def _shortened(name: str) -> str:
    """The name of a release, which is cut where it is too long."""
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_KEPT]}-{sha256(name.encode()).hexdigest()[:_HASHED]}"
