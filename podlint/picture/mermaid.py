"""A picture as a Mermaid flowchart, which GitHub and GitLab draw in comments and Markdown files."""

from __future__ import annotations

from podlint.display.fitting import fitted
from podlint.picture.model import Act, Cell, Flow, Mark, Picture

MAX_EDGES = 200
"""Mermaid draws at most 500 (its `maxEdges`), and people see through fewer."""
MAX_TEXT = 48_000
"""Mermaid reads 50,000 characters (its `maxTextSize`). Nodes alone never have so many."""
MAX_FINDINGS = 20
MAX_NODE = 32
"""Columns of a line of a node."""
MAX_LABEL = 60
"""Columns of the words on an edge."""
MAX_WORDS = 160
"""Columns of what a finding says, of which Mermaid makes several lines."""
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /")
_LINES = {(False, True): "-->", (False, False): "-.->", (True, True): "---", (True, False): "-.-"}
"""The line for acts by which no data go, or some do, and which happen, or may."""
_JOINER = "\u2060"
_STORED = ("volume", "file", "private", "unknown", "device")
_BROKEN = (("$$", f"${_JOINER}$"), (":fa-", f":{_JOINER}fa-"))
"""What Mermaid looks for when it has read the numbers, formulas and icons; and the same with an unseen sign
between."""
_ACCENT = "stroke:#d9480f,stroke-width:2px"


def draw(picture: Picture) -> str:
    """A flowchart, in ASCII, ending with a line feed. Nothing of a manifest is markup in it."""
    return _Chart(picture).written()


class _Chart:
    """A flowchart while it is written."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.lines: list[str] = []
        self.size = 0
        self.left_out = 0
        self.edges = 0
        self.marked_edges: list[int] = []

    def written(self) -> str:
        self._write("flowchart LR")
        self._write(f"  %% {_plain(self.picture.title, MAX_LABEL)}")
        for index, column in enumerate(self.picture.columns):
            self._write(f"  c{index}[{_node(column.name, f'{column.role} container', column.image)}]")
        self._rows()
        for cell in self.picture.cells:
            self._edges_of(cell)
        self._findings()
        if self.left_out:
            self._write(f"  %% {self.left_out} more are not drawn")
        return "".join(f"{line}\n" for line in self.lines)

    def _write(self, line: str) -> None:
        self.lines.append(line)
        self.size += len(line) + 1

    def _has_room(self, line: str) -> bool:
        """Whether a line fits; where it does not it is counted as left out."""
        fits = self.size + len(line) < MAX_TEXT
        self.left_out += not fits
        return fits

    def _rows(self) -> None:
        """Volumes around their files, and all other rows."""
        rows, index = self.picture.rows, 0
        while index < len(rows):
            row, last = rows[index], self._last_file(index)
            if last == index:
                self._write(f"  r{index}{_shape(row.kind, _node(row.label, row.note))}")
            else:
                self._write(f"  subgraph r{index}[{_node(f'{row.label}: {row.note}')}]")
                for below in range(index + 1, last + 1):
                    self._write(f"    r{below}{_shape('file', _node(rows[below].label))}")
                self._write("  end")
            index = last + 1

    def _last_file(self, index: int) -> int:
        """The row of the last file of a volume; the row itself where it has none."""
        rows, last = self.picture.rows, index
        while rows[index].kind == "volume" and last + 1 < len(rows) and rows[last + 1].kind == "file":
            last += 1
        return last

    def _edges_of(self, cell: Cell) -> None:
        """An arrow for each way that data take, a line for all else, dotted where it may not happen."""
        groups: dict[tuple[Flow, bool], list[Act]] = {}
        for act in cell.acts:
            if not self._goes_without_saying(act, cell):
                groups.setdefault((act.flow, act.certain), []).append(act)
        marks = self.picture.marked(cell.column, cell.row)
        for (flow, certain), acts in groups.items():
            words = ", ".join(dict.fromkeys(_words(act) for act in acts))
            if marks:
                words = f"{' '.join(f'({mark.number})' for mark in marks[:4])} {words}"
            ends = [f"c{cell.column}", f"r{cell.row}"]
            first, last = reversed(ends) if flow is Flow.TAKES else ends
            line = _LINES[flow is Flow.NEITHER, certain]
            self._edge(f'  {first} {line}|"{_plain(words, MAX_LABEL)}"| {last}', marked=bool(marks))
            marks = ()

    def _edge(self, line: str, marked: bool) -> None:
        if self.edges >= MAX_EDGES:
            self.left_out += 1
        elif self._has_room(line):
            if marked:
                self.marked_edges.append(self.edges)
            self.edges += 1
            self._write(line)

    def _goes_without_saying(self, act: Act, cell: Cell) -> bool:
        """Whether it is the mount of a volume on which the container uses a file."""
        if not act.verb.startswith("mounts"):
            return False
        files = range(cell.row + 1, self._last_file(cell.row) + 1)
        return any(other.column == cell.column and other.row in files for other in self.picture.cells)

    def _findings(self) -> None:
        """Each finding as a note to the container that it is about, and what it is about in one colour."""
        marks = self.picture.marks
        found = sorted({f"c{mark.column}" for mark in marks if mark.column is not None and mark.row is None})
        for mark in marks:
            line = f"  f{mark.number}[{_note(mark)}]"
            if mark.number > MAX_FINDINGS:
                self.left_out += 1
            elif self._has_room(line):
                self._write(line)
                found.append(f"f{mark.number}")
                if mark.column is not None:
                    self._write(f"  f{mark.number} -.- c{mark.column}")
                elif mark.row is not None:
                    self._write(f"  f{mark.number} -.- r{mark.row}")
        if found:
            self._write(f"  classDef found {_ACCENT}")
            self._write(f"  class {','.join(found)} found")
        if self.marked_edges:
            self._write(f"  linkStyle {','.join(map(str, self.marked_edges))} {_ACCENT}")


def _words(act: Act) -> str:
    words = f"{act.verb} {act.detail}".rstrip()
    return words if act.repeats == "once" else f"{words} in a loop"


def _shape(kind: str, label: str) -> str:
    """A node: what is stored is a cylinder, a port or a process has round ends."""
    return f"[({label})]" if kind in _STORED else f"([{label}])"


def _node(*texts: str) -> str:
    """The label of a node."""
    return '"' + "<br/>".join(_plain(text, MAX_NODE) for text in texts if text) + '"'


def _note(mark: Mark) -> str:
    """The label of a finding."""
    head = f"({mark.number}) {mark.severity.value}: {mark.rule}"
    return f'"{_plain(head, MAX_LABEL)}<br/>{_plain(mark.message, MAX_WORDS)}"'


def _plain(text: str, limit: int) -> str:
    """Text in which nothing is Mermaid, Markdown, HTML or a link: all but letters, digits, blanks and slashes
    is written by its number."""
    shown = fitted(text, limit)
    for sign, broken in _BROKEN:
        # Twice, as the broken sign may end in half of another.
        shown = shown.replace(sign, broken).replace(sign, broken)
    return "".join(char if char in _SAFE else f"#{ord(char)};" for char in shown)
