"""Trees of files for kustomize, and what is known of each scalar of what it builds."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from podlint.render.kustomize import Built, build
from podlint.render.running import RenderError, program
from podlint.render.written import KustomizeOrigin, Place
from podlint.source.compose import compose
from podlint.source.documents import split
from podlint.source.nodes import ScalarNode, SequenceNode, YamlNode


def _is_missing() -> bool:
    try:
        program("kustomize", "kubectl")
    except RenderError:
        return True
    return False


# Under PODLINT_REQUIRE_TOOLS=1 what is missing fails.
needs_kustomize = pytest.mark.skipif(
    _is_missing() and os.environ.get("PODLINT_REQUIRE_TOOLS") != "1",
    reason="neither kustomize nor kubectl is installed",
)

Route = tuple[str, ...]


class Known(NamedTuple):
    """A scalar of a build, where it was written (path below the tree, line, column), and the characters
    there; `how`: `exact`, `sure` or `about`."""

    value: str
    how: str
    path: str
    line: int
    column: int
    raw: str
    start: int
    end: int


def write(top: Path, files: Mapping[str, str]) -> None:
    """Write files below a directory; indentation that all lines share is dropped."""
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(textwrap.dedent(text).encode())


def leaves(node: YamlNode | None, route: Route = ()) -> Iterator[tuple[Route, ScalarNode]]:
    """The scalars of a tree that are values, each with the way to it; items of lists by their numbers."""
    if isinstance(node, ScalarNode):
        yield route, node
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.items):
            yield from leaves(item, (*route, str(index)))
    elif node is not None:
        for key, value in node.entries():
            yield from leaves(value, (*route, key.value))


def objects(built: Built) -> Iterator[tuple[str, YamlNode]]:
    """The objects of a build, each with its kind and name."""
    for document in split(built.source):
        root = compose(document)
        assert root is not None
        found = {route: node.value for route, node in leaves(root)}
        yield f"{found['kind',]}/{found['metadata', 'name']}", root


def place(built: Built, start: int, end: int) -> Place:
    """Where characters of a build were written."""
    assert isinstance(built.source.origin, KustomizeOrigin)
    return built.source.origin.at(start, end)


def known(top: Path, directory: str) -> dict[tuple[str, Route], Known]:
    """All scalars of the kustomization in a directory of a tree."""
    built = build(str(top / directory), str(top))
    return dict(_known(built, top))


def _known(built: Built, top: Path) -> Iterator[tuple[tuple[str, Route], Known]]:
    for title, root in objects(built):
        for route, node in leaves(root):
            at, exact, sure, _ = place(built, node.start, node.end)
            how = "exact" if exact else "sure" if sure else "about"
            path = str(Path(at.source.path).relative_to(top))
            line, column = at.position
            yield (title, route), Known(node.value, how, path, line, column, at.raw, at.start, at.end)
