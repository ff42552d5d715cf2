"""Manifests that nobody would write: fixtures with random changes to bytes, lines, values and scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES = 60_000
"""What mutations may make of a fixture; the largest fixture has a fifth of it."""

ODD_DIGITS = "²³¹٣۵߈०৪௧෩໒༣၈៣᠑⁰₅①⓪０９𝟘𝟡"
ODD_BLANKS = "\t\v\f\x1c\x1d\x85\u00a0\u1680\u2003\u2028\u2029\u202f\u3000\ufeff\u200b"
_SHELL = r"""
$( ) ${ } ` ' " \ $(( )) [[ ]] <( >( ; & && || | ! > >> >& <& >| <> 2>&1 >&- &> { ( {a,b} {1..9}
;; fi done esac $0 $@ $* $# $$ $? $! $1 ${#x} ${x:-y} ${x%%*} ${x//a/b} ${!x} ${x:1:2} ${x^^} * ? [a-z]
[! [[:alpha:]] ~ / // /. /.. ../ /data/ /dev/stdout /proc/1/fd/1
"""
_WORDS = """
if then else while do for case until select time coproc exec eval trap shift break return exit local export
read
"""
_YAML = """
--- ... &a *a !!str !x | >- ? : - <<: # [] {} '' null ~ true .inf = -1 0 00 08 0x 1e9 65536 $(A) $$(A) <b>
##[error]x ##vso[a]b [click](http://x) {{.x}} <%x%>
"""
TOKENS = [
    *_SHELL.split(),
    *(f"{word} " for word in _WORDS.split()),
    *("f() ", "x) ", "in ", "sh -c ", "set -e\n", "<<EOF\n", "\nEOF\n", "<<-'E'\n", "\\\n"),
    *_YAML.split(),
    *(
        "\n---\n",
        ": ",
        "- ",
        "? ",
        " #",
        "%YAML 1.2\n",
        "\r\n",
        "\r",
        "\n",
        "\x00",
        "\x1b[2J",
        "\u202e",
        "\ud800",
    ),
    *("\x80", "😀", "9" * 30, "1" * 5000, "a" * 300),
]
VALUES: list[object] = [
    *(None, True, False, 0, -1, 2**31, 2**63, 10**40, 1.5, float("inf")),
    *("", " ", "a", "\n", "/", "..", "²", "$(A)", "$$", "9" * 400, "x" * 2000),
    *([], {}, [None], [[]], [{}], {"": None}, {"a": {"b": []}}, ["sh", "-c", None], [1, "a", {}]),
]
BRACKETS = [
    *(("(", ")"), ("$(", ")"), ("${x:-", "}"), ("{ ", "; }"), ("[", "]"), ("{a: ", "}"), ("$((", "))")),
    *(
        ("'", "'"),
        ('"$(', ')"'),
        ("`", "`"),
        ("! ", ""),
        ("if true; then ", "; fi"),
        ("while true; do ", "; done"),
    ),
]

Edit = Callable[[str, Random], str]


@lru_cache(maxsize=1)
def fixtures() -> list[Path]:
    """All manifests of the fixtures, in a fixed order."""
    return sorted((ROOT / "fixtures").rglob("*.yaml"))


@lru_cache(maxsize=2000)
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=2000)
def _documents(path: Path) -> list[Any]:
    """The values of a fixture; none where it is meant to be broken."""
    try:
        loaded = list(yaml.load_all(_text(path), getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
        json.dumps(loaded)
    except (yaml.YAMLError, TypeError, ValueError):
        return []
    return loaded


def _other(random: Random) -> Path:
    return random.choice(fixtures())


def _strings(node: object) -> Iterator[str]:
    """All string values below a node."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)


def a_script(random: Random) -> str:
    """Some string of a fixture, one with blanks where there is one."""
    strings = list(_strings(_documents(_other(random)))) or ["echo x"]
    return random.choice([one for one in strings if " " in one] or strings)


# --- on text
# ----------------------------------------------------------------------------------------------------


def _at(text: str, random: Random) -> int:
    return random.randrange(len(text) + 1)


def insert_token(text: str, random: Random) -> str:
    """A token of YAML, the shell or a template at some place, at times many of it."""
    at = _at(text, random)
    times = random.choice((1, 1, 1, 1, 2, 3, 20, 200))
    return text[:at] + (random.choice(TOKENS) * times)[:5000] + text[at:]


def change_characters(text: str, random: Random) -> str:
    """A few characters replaced by others."""
    characters = list(text)
    for _ in range(random.randint(1, 6)):
        if characters:
            new = chr(
                random.choice((random.randrange(128), random.randrange(0x300), random.randrange(0x3000)))
            )
            characters[random.randrange(len(characters))] = new
    return "".join(characters)


def cut(text: str, random: Random) -> str:
    """A stretch is missing; at times all to the end."""
    start = _at(text, random)
    end = len(text) if random.random() < 0.1 else start + random.randint(1, 40)
    return text[:start] + text[end:]


def repeat_stretch(text: str, random: Random) -> str:
    """A stretch stands there several times."""
    start = _at(text, random)
    end = start + random.randint(1, 60)
    return text[:end] + text[start:end] * random.choice((1, 2, 5, 50)) + text[end:]


def odd_digits(text: str, random: Random) -> str:
    """Digits become others that Unicode calls digits."""
    share = random.choice((0.05, 0.3, 1))
    return "".join(
        random.choice(ODD_DIGITS) if one.isdigit() and random.random() < share else one for one in text
    )


def odd_blanks(text: str, random: Random) -> str:
    """Blanks become others that Unicode calls blanks."""
    share = random.choice((0.01, 0.05, 0.3))
    return "".join(
        random.choice(ODD_BLANKS) if one == " " and random.random() < share else one for one in text
    )


def grow_number(text: str, random: Random) -> str:
    """A number becomes very long, negative or odd."""
    places = [at for at, one in enumerate(text) if one.isdigit()]
    if not places:
        return text
    at = random.choice(places)
    new = random.choice(
        ("9" * 5000, "-" + text[at], "0" * 40, "--5", "1" * 20, "0x" + "f" * 40, "1_0", "08", "²")
    )
    return text[:at] + new + text[at + 1 :]


def nest(text: str, random: Random) -> str:
    """A stretch goes into many brackets of one kind."""
    opening, closing = random.choice(BRACKETS)
    start = _at(text, random)
    end = start + random.randint(0, 30)
    times = random.choice((2, 10, 70, 400))
    return text[:start] + opening * times + text[start:end] + closing * times + text[end:]


def change_lines(text: str, random: Random) -> str:
    """Lines are moved, repeated, left out, indented otherwise or taken from another fixture."""
    lines = text.split("\n")
    for _ in range(random.randint(1, 4)):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        kind = random.randrange(6)
        if kind == 0:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 1:
            lines.insert(at, lines[other])
        elif kind == 2 and len(lines) > 1:
            del lines[at]
        elif kind == 3:
            lines[at] = " " * random.randrange(12) + lines[at].lstrip()
        elif kind == 4:
            lines[at] += random.choice((" # x", "\r", " ", ":", " |", " >-", "\t"))
        else:
            lines.insert(at, random.choice(_text(_other(random)).split("\n")))
    return "\n".join(lines)


def join_documents(text: str, random: Random) -> str:
    """Another fixture behind it, as one more document."""
    return text + "\n---\n" + _text(_other(random))


ON_TEXT: list[Edit] = [
    *(
        insert_token,
        insert_token,
        insert_token,
        change_characters,
        cut,
        repeat_stretch,
        odd_digits,
        odd_blanks,
    ),
    *(grow_number, nest, change_lines, change_lines, join_documents),
]

# --- on values
# ----------------------------------------------------------------------------------------------------


def _places(node: object) -> Iterator[tuple[Any, Any]]:
    """All pairs of a mapping or list and one of its keys or indices."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield node, key
            yield from _places(value)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield node, index
            yield from _places(value)


def _copied(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _change_value(holder: Any, key: Any, random: Random) -> None:
    """Change one value in place."""
    value = holder[key]
    kind = random.randrange(12)
    if isinstance(value, str) and (kind < 4 or " " in value):
        if kind == 0:
            holder[key] = a_script(random)
        elif kind == 1:
            holder[key] = value + random.choice((";", "\n", " && ", " | ", " & ")) + a_script(random)
        elif kind in (2, 5, 6):
            lines, others = value.split("\n"), a_script(random).split("\n")
            lines[_at(value, random) % len(lines)] = random.choice(others)
            holder[key] = "\n".join(lines)
        else:
            holder[key] = random.choice(ON_TEXT[:-2])(value, random)
    elif kind == 4 and isinstance(holder, dict):
        del holder[key]
    elif kind == 5 and isinstance(holder, dict):
        holder[str(random.choice(TOKENS))] = holder.pop(key)
    elif kind == 6 and isinstance(holder, list) and len(json.dumps(value)) < 2000:
        holder.extend([value] * random.choice((1, 2, 30)))
    elif kind == 7:
        holder[key] = _copied(random.choice(VALUES))
    elif isinstance(value, str):
        holder[key] = random.choice(ON_TEXT[:-2])(value, random)
    elif isinstance(holder, list):
        holder.insert(key, _copied(random.choice(holder)))


def _change_values(path: Path, random: Random) -> str:
    """A fixture with values of other types, spliced scripts, missing and renamed keys; as JSON or as YAML."""
    documents = _copied(_documents(path))
    if not documents:
        return _text(path)
    for _ in range(random.choice((1, 2, 3, 8))):
        places = list(_places(documents))
        _change_value(*random.choice(places), random)
    if random.random() < 0.8:
        return "\n---\n".join(json.dumps(one, ensure_ascii=random.random() < 0.5) for one in documents)
    return str(yaml.dump_all(documents, allow_unicode=True))


def mutant(seed: int, index: int) -> bytes:
    """The input of this seed and index: the same on each machine, for the same fixtures."""
    random = Random(f"{seed}/{index}")
    path = _other(random)
    by_value = random.random() < 0.7
    text = _change_values(path, random) if by_value else _text(path)
    # What breaks the YAML hides all else, so that most inputs have few changes to their text.
    for _ in range(random.choice((0, 0, 0, 0, 1)) if by_value else random.choice((1, 1, 2, 3))):
        text = random.choice(ON_TEXT)(text, random)
    data = text[:MAX_BYTES].encode("utf-8", "surrogatepass" if random.random() < 0.1 else "replace")
    if random.random() < 0.05:
        changed = bytearray(data or b" ")
        for _ in range(random.randint(1, 4)):
            changed[random.randrange(len(changed))] = random.randrange(256)
        data = bytes(changed)
    return data
