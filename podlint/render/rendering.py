"""What rendering is asked for, and what it gives."""

from __future__ import annotations

from msgspec import Struct

from podlint.source.span import Source


class How(Struct, frozen=True):
    """How charts and kustomizations are rendered; most fields are the options of helm of that name.

    `files`: whether those among the files of a run are. `chart`: the directory of the chart that standard
    input was rendered from, "" where that is not said.
    """

    files: bool = True
    chart: str = ""

    values: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    api_versions: tuple[str, ...] = ()
    kube_version: str = ""
    release_name: str = ""
    namespace: str = ""


class Rendering(Struct, frozen=True):
    """A directory rendered in one way: what belongs together, and to nothing else of a run.

    `variant` is what one calls that way (`ci/ha-values.yaml`, an overlay), "" where there is no other. Each
    of the sources has an origin, and the path of the file that it is known by, such as its template.
    """

    directory: str
    variant: str
    sources: tuple[Source, ...]
    files: frozenset[str] = frozenset()
    """The files that it was rendered from."""
