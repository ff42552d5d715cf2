"""Hypothesis strategies that write YAML: scalars of every style, as raw text, in every context."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

BREAKS = st.sampled_from(["\n"] * 6 + ["\r\n"] * 3 + ["\r", "\x85", "\u2028"])
BLANKS = st.text(" \t", max_size=3)
LETTERS = "abcxyzABC019_./$(){}-=*&!|>%@`\"'\\~+äß漢😀𝒳\u00a0"
# Characters that a plain scalar may hold anywhere, even inside flow collections.
PLAIN_LETTERS = "abcxyzABC019_./$()=*!|>%@\"'\\~+äß漢😀𝒳\u00a0-"
ESCAPES = [
    *(
        "\\0",
        "\\a",
        "\\b",
        "\\t",
        "\\\t",
        "\\n",
        "\\v",
        "\\f",
        "\\r",
        "\\e",
        "\\ ",
        '\\"',
        "\\\\",
        "\\N",
        "\\_",
    ),
    *("\\L", "\\P", "\\/", "\\x41", "\\xe9", "\\u00e9", "\\u6f22", "\\U0001F600", "\\U0000000a"),
]


@dataclass(frozen=True)
class Written:
    """A stream with one scalar of interest: the first one behind the key or item named `here`."""

    text: str
    style: str


@st.composite
def _folds(draw: st.DrawFn, line_break: str, indent: str) -> str:
    """A line break inside a flow scalar, with blanks around it and sometimes empty lines behind it."""
    empty = draw(st.lists(st.text(" ", max_size=3).map(lambda blanks: line_break + blanks), max_size=2))
    blanks = draw(st.text(" ", max_size=2))
    return draw(BLANKS) + "".join(empty) + line_break + indent + blanks


@st.composite
def plain(draw: st.DrawFn, line_break: str, indent: str) -> str:
    """A plain scalar, perhaps on several lines."""
    words = draw(st.lists(st.text(PLAIN_LETTERS, min_size=1, max_size=6), min_size=1, max_size=5))
    gaps = [draw(st.one_of(st.sampled_from([" ", "  "]), _folds(line_break, indent))) for _ in words[1:]]
    return "w" + words[0] + "".join(gap + "w" + word for gap, word in zip(gaps, words[1:], strict=True))


@st.composite
def single(draw: st.DrawFn, line_break: str, indent: str) -> str:
    """A single-quoted scalar."""
    word = st.text(LETTERS.replace("'", "") + " \t", max_size=6)
    part = st.one_of(word, st.just("''"), _folds(line_break, indent))
    return "'" + "".join(draw(st.lists(part, max_size=7))) + "'"


@st.composite
def double(draw: st.DrawFn, line_break: str, indent: str) -> str:
    """A double-quoted scalar with escapes, escaped line breaks among them."""
    word = st.text(LETTERS.replace('"', "").replace("\\", "") + "' \t", max_size=6)
    fold = _folds(line_break, indent)
    escaped_break = st.tuples(st.just("\\" + line_break), st.text(" ", max_size=2)).map(
        lambda parts: parts[0] + indent + parts[1]
    )
    part = st.one_of(word, word, st.sampled_from(ESCAPES), fold, escaped_break)
    return '"' + "".join(draw(st.lists(part, max_size=8))) + '"'


@st.composite
def block(draw: st.DrawFn, line_break: str, parent: int, style: str) -> str:
    """A literal or folded scalar below a collection at column `parent` (-1 at the root)."""
    extra = draw(st.integers(1, 4))
    indent = max(parent, 0) + extra
    word = st.text(LETTERS + "#: ", min_size=1, max_size=8)
    line = st.one_of(
        word.map(lambda words: "w" + words),
        st.tuples(st.sampled_from([" ", "  ", "\t", " \t"]), word).map("".join),
        st.just(""),
        st.tuples(word, BLANKS).map("".join).map(lambda words: "#" + words),
    )
    lines = draw(st.lists(line, min_size=1, max_size=7))
    first = next((text for text in lines if text.strip(" ")), "")
    explicit = first.startswith((" ", "\t")) or not first or draw(st.booleans())
    chomping = draw(st.sampled_from(["", "-", "+"]))
    indicators = [str(extra) if explicit else "", chomping]
    header = style + "".join(reversed(indicators) if draw(st.booleans()) else indicators)
    header += draw(st.sampled_from(["", "", " ", "\t", " # a comment", "  # 'with' |quotes"]))
    body = []
    seen_content = False
    for text in lines:
        # Empty lines may be written with fewer spaces than the indentation, never with more.
        short = " " * draw(st.integers(0, indent if seen_content or explicit else 0))
        body.append(" " * indent + text if text else short)
        seen_content = seen_content or bool(text)
    ends = draw(st.sampled_from([line_break, line_break, "", line_break * 3]))
    return header + line_break + line_break.join(body) + ends


@st.composite
def streams(draw: st.DrawFn, style: str) -> Written:
    """A stream in which a scalar of the given style stands, in a context drawn at random."""
    line_break = draw(BREAKS)
    depth = draw(st.integers(0, 3))
    step = draw(st.integers(1, 4))
    prologue = draw(st.sampled_from(["", "# 😀 a comment" + line_break, "---" + line_break]))
    properties = draw(
        st.sampled_from(["", "", "", "&an-chor ", "!!str ", "!local &a  ", "&a !<tag:x,2000:y> "])
    )
    column = depth * step
    nest = "".join(f"{' ' * (level * step)}level:{line_break}" for level in range(depth))
    entry = draw(st.sampled_from(["here: ", "- ", "- - ", "- here: ", "? ", "here:\t"]))
    parent = column + {"- - ": 2, "- here: ": 2}.get(entry, 0)
    if style in "|>" and style:
        raw = draw(block(line_break, parent, style))
        ended = raw.endswith(line_break)
        after = f"{' ' * column}after: 1{line_break}" if entry == "here: " and ended else ""
        return Written(prologue + nest + " " * column + entry + properties + raw + after, style)
    write = {"": plain, "'": single, '"': double}[style]
    raw = draw(write(line_break, " " * (parent + 1)))
    if draw(st.booleans()):
        opening, closing = draw(
            st.sampled_from([("[", "]"), ("[ ", " , after]"), ("{here: ", "}"), ('{"here": ', ", a: b}")])
        )
        raw = opening + properties + raw + closing
        properties = ""
    after = draw(st.sampled_from(["", line_break, f" # behind{line_break}", line_break * 2]))
    return Written(prologue + nest + " " * column + entry + properties + raw + after, style)
