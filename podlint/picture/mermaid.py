"""A picture as a Mermaid flowchart, which GitHub and GitLab draw in comments and Markdown files."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.display.fitting import fitted, wrapped
from podlint.picture.model import Act, Cell, Flow, Mark, Picture

MAX_EDGES = 200
"""Mermaid draws at most 500 (its `maxEdges`), and people see through fewer."""
MAX_NODE = 40
"""Characters of a line of a node."""
MAX_LABEL = 60
MAX_FINDINGS = 20
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /")
_LINES = {(False, True): "-->", (False, False): "-.->", (True, True): "---", (True, False): "-.-"}
"""The line for acts by which no data go, or some do, and which may happen, or do."""
_ACCENT = "stroke:#d9480f,stroke-width:2px"


def draw(picture: Picture) -> str:
    """A flowchart, in ASCII, ending with a line feed. Nothing of a manifest is markup in it."""
    return "".join(f"{line}\n" for line in _Chart(picture).lines())


class _Chart:
    """A flowchart while it is written."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.marked_edges: list[int] = []
        self.edges = 0
        self.left_out = 0

    def lines(self) -> Iterator[str]:
        picture = self.picture
        yield "flowchart LR"
        yield f"  %% {_plain(picture.title, MAX_LABEL)}"
        for index, column in enumerate(picture.columns):
            yield f"  c{index}[{_lines(column.name, f'{column.role} container', column.image)}]"
        yield from self._rows()
        for cell in picture.cells:
            yield from self._edges_of(cell)
        if picture.marks:
            yield from self._findings()
        yield from self._styles()
        if self.left_out:
            yield f"  %% {self.left_out} more are not drawn"

    def _rows(self) -> Iterator[str]:
        """Volumes around their files, and all other rows."""
        rows, index = self.picture.rows, 0
        while index < len(rows):
            row, last = rows[index], self._last_file(index)
            if last == index:
                yield f"  r{index}{_shape(row.kind, _lines(row.label, row.note))}"
            else:
                yield f"  subgraph r{index}[{_lines(f'{row.label}: {row.note}')}]"
                for below in range(index + 1, last + 1):
                    yield f"    r{below}{_shape('file', _lines(rows[below].label))}"
                yield "  end"
            index = last + 1

    def _last_file(self, index: int) -> int:
        """The row of the last file of a volume; the row itself where it has none."""
        rows, last = self.picture.rows, index
        while rows[index].kind == "volume" and last + 1 < len(rows) and rows[last + 1].kind == "file":
            last += 1
        return last

    def _edges_of(self, cell: Cell) -> Iterator[str]:
        """An arrow for each way that data take, a line for all else, dotted where it may not happen."""
        groups: dict[tuple[Flow, bool], list[Act]] = {}
        for act in cell.acts:
            if not self._goes_without_saying(act, cell):
                groups.setdefault((act.flow, act.certain), []).append(act)
        marks = self.picture.marked(cell.column, cell.row)
        for number, ((flow, certain), acts) in enumerate(groups.items()):
            if self.edges >= MAX_EDGES:
                self.left_out += 1
                continue
            words = ", ".join(dict.fromkeys(_words(act) for act in acts))
            if marks and not number:
                words = f"{' '.join(f'({mark.number})' for mark in marks[:4])} {words}"
                self.marked_edges.append(self.edges)
            ends = (f"c{cell.column}", f"r{cell.row}")
            first, last = reversed(ends) if flow is Flow.TAKES else ends
            line = (
                {True: "---", False: "-.-"}[certain] if flow is Flow.NEITHER else "-->" if certain else "-.->"
            )
            self.edges += 1
            yield f'  {first} {line}|"{_plain(words, MAX_LABEL)}"| {last}'

    def _goes_without_saying(self, act: Act, cell: Cell) -> bool:
        """Whether it is the mount of a volume on which the container uses a file."""
        if not act.verb.startswith("mounts"):
            return False
        files = range(cell.row + 1, self._last_file(cell.row) + 1)
        return any(other.column == cell.column and other.row in files for other in self.picture.cells)

    def _findings(self) -> Iterator[str]:
        yield f"  subgraph findings[{_lines('findings')}]"
        yield "    direction TB"
        shown = self.picture.marks[:MAX_FINDINGS]
        self.left_out += len(self.picture.marks) - len(shown)
        for mark in shown:
            head = f"({mark.number}) {mark.severity.value}: {mark.rule}"
            yield f"    f{mark.number}[{_lines(head, *wrapped(mark.message, MAX_NODE)[:4])}]"
        # One below the other.
        yield from (f"    f{mark.number} ~~~ f{mark.number + 1}" for mark in shown[:-1])
        yield "  end"

    def _styles(self) -> Iterator[str]:
        """What findings are about stands out."""
        nodes = {name for mark in self.picture.marks for name in _names(mark)}
        if nodes:
            yield f"  classDef found {_ACCENT}"
            yield f"  class {','.join(sorted(nodes))} found"
        for edge in self.marked_edges:
            yield f"  linkStyle {edge} {_ACCENT}"


def _names(mark: Mark) -> Iterator[str]:
    """The nodes that a finding is about, where it is not about a line between two."""
    if mark.column is not None and mark.row is None:
        yield f"c{mark.column}"
    if mark.row is not None and mark.column is None:
        yield f"r{mark.row}"


def _words(act: Act) -> str:
    words = f"{act.verb} {act.detail}".rstrip()
    return words if act.repeats == "once" else f"{words} in a loop"


def _shape(kind: str, label: str) -> str:
    """A node: what is stored is a cylinder, a port or a process has round ends."""
    return f"[({label})]" if kind in ("volume", "file", "private", "unknown") else f"([{label}])"


def _lines(*texts: str) -> str:
    """The label of a node."""
    return '"' + "<br/>".join(_plain(text, MAX_NODE) for text in texts if text) + '"'


def _plain(text: str, limit: int) -> str:
    """Text in which nothing is Mermaid, Markdown, HTML or a link: all but letters, digits, blanks and slashes
    is written by its number."""
    return "".join(char if char in _SAFE else f"#{ord(char)};" for char in fitted(text, limit))
