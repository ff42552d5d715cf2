"""The files of a chart: copied to where they can be changed, with what is packed or linked in it."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator

from msgspec import Struct, field

from podlint.render.fields import items, word
from podlint.render.names import CHART
from podlint.render.running import RenderError
from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import UndecodableError, decode, read
from podlint.source.documents import Document
from podlint.source.nodes import MappingNode
from podlint.source.span import Source

MAX_FILES = 20_000
MAX_BYTES = 256 * 1024 * 1024
_MAX_TEMPLATE = 2 * 1024 * 1024
_MAX_DEPTH = 24
# Helm would fetch what a schema refers to, and what it says of values is not asked.
_LEFT_OUT = (".git", "values.schema.json")


class Dependency(Struct, frozen=True):
    """What a chart says that it needs."""

    name: str
    alias: str
    repository: str


class Chart(Struct):
    """A chart that was copied: by which name helm knows it, where it stands, and where its copy."""

    name: str
    path: str
    copy: str
    library: bool
    dependencies: tuple[Dependency, ...]
    files: dict[str, str] = field(default_factory=dict)
    """The paths of its files by those that they have in it, without those of its charts."""
    charts: list[Chart] = field(default_factory=list)

    def all(self) -> Iterator[Chart]:
        """The chart and those in it."""
        yield self
        for chart in self.charts:
            yield from chart.all()

    def template(self, told: str) -> tuple[Chart, str] | None:
        """The chart and the file in it that helm names as the source of a document."""
        first, _, rest = told.partition("/")
        if first != self.name:
            return None
        return self._template(rest)

    def _template(self, rest: str) -> tuple[Chart, str] | None:
        if rest in self.files:
            return self, rest
        if not rest.startswith("charts/"):
            return None
        name, _, below = rest.removeprefix("charts/").partition("/")
        aliases = {one.alias: one.name for one in self.dependencies if one.alias}
        for chart in self.charts:
            if chart.name in (name, aliases.get(name)):
                return chart._template(below)
        return None

    def source(self, file: str) -> Source | None:
        """A file of it, by the path that it is reported by; None where it is no text, or too large."""
        try:
            data = read(os.path.join(self.copy, file))
            return Source(self.files[file], decode(data)) if len(data) <= _MAX_TEMPLATE else None
        except UndecodableError:
            return None


def copy_chart(directory: str, target: str, inside: str) -> Chart:
    """Copy the chart in a directory. Of what it links to, only what lies in the directory `inside` is copied.

    Raises `RenderError`.
    """
    return _Copier(os.path.join(os.path.realpath(inside), "")).chart(directory, target, 0)


class _Copier:
    def __init__(self, inside: str) -> None:
        self._inside = inside
        self._files = MAX_FILES
        self._bytes = MAX_BYTES

    def chart(self, directory: str, target: str, depth: int) -> Chart:
        """A chart with those in it."""
        chart = self._head(directory, target)
        self._directory(chart, directory, "", depth)
        self._charts(chart, depth)
        known = {one.name for one in chart.charts}
        for one in chart.dependencies:
            place = os.path.join(directory, one.repository.removeprefix("file://"))
            near = one.repository.startswith("file://") and self._may_read(place)
            if near and one.name not in known and os.path.isfile(os.path.join(place, CHART)):
                known.add(one.name)
                self._sub(chart, os.path.normpath(place), depth)
        return chart

    def _head(self, directory: str, target: str) -> Chart:
        os.makedirs(target, exist_ok=True)
        root = _mapping(directory, CHART)
        listing = root
        if root is None or root.get("dependencies") is None:
            listing = _mapping(directory, "requirements.yaml")
        dependencies = tuple(
            Dependency(word(one, "name"), word(one, "alias"), word(one, "repository"))
            for one in items(listing, "dependencies")
        )
        return Chart(word(root, "name"), directory, target, word(root, "type") == "library", dependencies)

    def _directory(self, chart: Chart, directory: str, below: str, depth: int) -> None:
        """The files of a directory of a chart; its `charts` come later."""
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            name = f"{below}{entry.name}"
            if entry.name in _LEFT_OUT or name == "charts" or depth > _MAX_DEPTH:
                continue
            if entry.is_symlink() and not self._may_read(entry.path):
                continue
            if entry.is_dir():
                os.makedirs(os.path.join(chart.copy, name), exist_ok=True)
                self._directory(chart, entry.path, f"{name}/", depth + 1)
            elif entry.is_file():
                self._file(chart, name, entry.path)

    def _charts(self, chart: Chart, depth: int) -> None:
        directory = os.path.join(chart.path, "charts")
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            if entry.is_symlink() and not self._may_read(entry.path):
                continue
            if entry.is_dir() and os.path.isfile(os.path.join(entry.path, CHART)):
                self._sub(chart, entry.path, depth)
            elif entry.is_file() and entry.name.endswith(".tgz"):
                self._packed(chart, entry.path, depth)

    def _sub(self, chart: Chart, directory: str, depth: int) -> None:
        # No name that a chart gives is made a path; helm takes any.
        if depth < _MAX_DEPTH:
            target = os.path.join(chart.copy, "charts", str(len(chart.charts)))
            chart.charts.append(self.chart(directory, target, depth + 1))

    def _packed(self, chart: Chart, archive: str, depth: int) -> None:
        """A packed chart, unpacked beside the copy, and then copied as any other."""
        unpacked = f"{chart.copy}.unpacked/{os.path.basename(archive)}"
        try:
            with tarfile.open(archive, "r:gz") as tar:
                for member in tar:
                    self._member(tar, member, unpacked)
        except (OSError, tarfile.TarError, EOFError) as error:
            raise RenderError(f"{archive} cannot be unpacked: {error}") from None
        for name in sorted(os.listdir(unpacked)) if os.path.isdir(unpacked) else ():
            place = os.path.join(unpacked, name)
            if os.path.isfile(os.path.join(place, CHART)):
                outer, self._inside = self._inside, os.path.join(os.path.realpath(unpacked), "")
                before = len(chart.charts)
                self._sub(chart, place, depth)
                self._inside = outer
                for one in chart.charts[before:]:
                    _moved(one, unpacked, archive)

    def _member(self, tar: tarfile.TarFile, member: tarfile.TarInfo, unpacked: str) -> None:
        name = os.path.normpath(member.name)
        self._count(0)
        if not member.isfile() or os.path.isabs(name) or name.startswith(".."):
            return
        self._count(member.size)
        file = tar.extractfile(member)
        target = os.path.join(unpacked, name)
        if file is not None and not os.path.exists(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as written:
                written.write(file.read(member.size))

    def _file(self, chart: Chart, name: str, path: str) -> None:
        try:
            data = read(path)
        except UndecodableError:
            return
        self._count(len(data))
        with open(os.path.join(chart.copy, name), "wb") as file:
            file.write(data)
        chart.files[name] = path.removeprefix(os.path.join(os.curdir, ""))

    def _count(self, size: int) -> None:
        self._files -= 1
        self._bytes -= size
        if self._files < 0:
            raise RenderError(f"the chart has more than {MAX_FILES} files")
        if self._bytes < 0:
            raise RenderError(f"the chart is larger than {MAX_BYTES // (1024 * 1024)} MiB")

    def _may_read(self, path: str) -> bool:
        return os.path.join(os.path.realpath(path), "").startswith(self._inside)


def _moved(chart: Chart, unpacked: str, archive: str) -> None:
    """Name the files of a packed chart by its archive."""
    for one in chart.all():
        one.path = one.path.replace(unpacked, archive, 1)
        one.files = {name: path.replace(unpacked, archive, 1) for name, path in one.files.items()}


def _mapping(directory: str, name: str) -> MappingNode | None:
    try:
        source = Source(name, decode(read(os.path.join(directory, name))))
        root = compose(Document(source, 0, len(source.text)))
    except (UndecodableError, InvalidYaml):
        return None
    return root if isinstance(root, MappingNode) else None
