"""Argo CD: what an Application gives to the charts that it deploys.

As of argo-cd.readthedocs.io/en/stable/user-guide/helm and its multiple_sources.
"""

from __future__ import annotations

from collections.abc import Iterator

from podlint.regex import late
from podlint.render.fields import at, items, scalar, scalars, word
from podlint.render.given import Deployment, Given, Parameter, given_file, given_node, given_text, is_missing
from podlint.render.references import Deployer, sources_of
from podlint.render.running import RenderError
from podlint.source.nodes import YamlNode
from podlint.source.values import as_bool

_OTHERS = ("kustomize", "directory", "plugin")
_PATTERN = late(r"[*?\[]")
_COMMA = late(r"(?<!\\),")


def deployment_of(one: Deployer, source: YamlNode, directory: str) -> Deployment:
    """How a source of an Application deploys the chart in a directory. Raises `RenderError` where that is not
    known."""
    other = next((name for name in _OTHERS if at(source, name) is not None), None)
    if other is not None:
        raise RenderError(f"it deploys this by its `{other}`")
    helm = at(source, "helm")
    if items(helm, "fileParameters"):
        raise RenderError("it sets values to the contents of files")
    return Deployment(
        release_name=word(helm, "releaseName") or word(at(one.root, "metadata"), "name"),
        namespace=word(helm, "namespace") or word(at(one.spec, "destination"), "namespace"),
        values=(*_value_files(one, source, directory), *_inline(helm)),
        parameters=tuple(_parameters(helm)),
    )


def _inline(helm: YamlNode | None) -> Iterator[Given]:
    """The values that stand in it: where there are some as an object, those in a text do not count."""
    held, text = at(helm, "valuesObject"), scalar(helm, "values")
    if held is not None:
        yield given_node(held)
    elif text is not None:
        yield given_text(text)


def _value_files(one: Deployer, source: YamlNode, directory: str) -> Iterator[Given]:
    """The files of values: a path begins at the chart, one with a slash first at the top of the repository,
    and one with `$NAME` first at that of the source of this name."""
    helm = at(source, "helm")
    names = {f"${word(other, 'ref')}" for other in sources_of(one)} - {"$"}
    for node in scalars(helm, "valueFiles"):
        name, around = node.value, directory
        first, slash, rest = name.partition("/")
        if first in names and slash:
            name, around = rest, one.top
        elif name.startswith("/"):
            name, around = name.lstrip("/"), one.top
        if "://" in name or "$" in name or _PATTERN.search(name):
            raise RenderError(f'it names values in "{node.value}", which is no file of this repository')
        if as_bool(at(helm, "ignoreMissingValueFiles")) and is_missing(name, around):
            continue
        yield given_file(name, around, directory, one.top)


def _parameters(helm: YamlNode | None) -> Iterator[Parameter]:
    for parameter in items(helm, "parameters"):
        name, node = word(parameter, "name"), scalar(parameter, "value")
        if node is None or not name:
            continue
        if "$" in node.value:
            raise RenderError(f'it sets "{name}" to a variable of Argo CD')
        value = node.value
        if not (value.startswith("{") and value.endswith("}")):
            # A comma begins another value for helm, and none for Argo CD.
            value = _COMMA.sub(r"\\,", value)
        option = "--set-string" if as_bool(at(parameter, "forceString")) else "--set"
        yield Parameter(option, name, value, node.span)
