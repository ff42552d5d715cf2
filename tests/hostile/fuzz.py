"""A mutation fuzzer over the fixtures: `python -m tests.hostile.fuzz --minutes 5 --seed 7`.

Each input is a function of the seed and its index, so that `--seed 7 --first INDEX --count 1` runs one again,
and `--show` writes it to standard output instead. Exit code 1 where something was found.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, process_time
from xml.etree import ElementTree

from msgspec import Struct, to_builtins

from podlint import Report, Severity, lint_text
from podlint.display.escape import escape
from podlint.engine.run import view_paths
from podlint.facts import tree, unknown
from podlint.facts.build import facts_of
from podlint.facts.model import VERSION, Facts
from podlint.picture import mermaid, svg, text
from podlint.picture.build import picture_of
from podlint.picture.model import Picture
from podlint.report import RENDERERS, RenderOptions
from podlint.report.json_text import json_text
from tests.hostile.mutations import mutant

SLOW = 2.0
"""Seconds of processor time for one input beyond which it is named. A duration, so only a hint: no test
fails by it."""
DEEP = 5
"""Of so many inputs one is linted twice and shown in each format."""
GROWTH = 100 << 20
"""Bytes of memory that a process may gain between its first `WARM` inputs and its last."""
WARM = 2000
_FORGED = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|##\[|##vso\["
)
_OPTIONS = RenderOptions(least=Severity.INFO)


class Tally(Struct):
    """What a stretch of inputs came to."""

    inputs: int = 0
    deep: int = 0
    bytes: int = 0
    problems: int = 0
    seconds: float = 0
    longest: tuple[float, int] = (0, 0)
    slow: int = 0
    grown: int = 0


def problems_of(data: bytes, deep: bool) -> Iterator[str]:
    """What is wrong with how an input is taken; nothing where all is well. Raises nothing."""
    try:
        report = lint_text(data, "x.yaml")
        yield from _internal(report)
        if deep:
            if lint_text(data, "x.yaml") != report:
                yield "two runs, two reports"
            yield from _shown(report)
            yield from _facts(data)
    except Exception as error:
        yield f"{type(error).__name__}: {str(error)[:200]} {_where(error)}"


def _where(error: Exception) -> str:
    return " < ".join(
        f"{one.filename.rsplit('/', 1)[-1]}:{one.lineno}"
        for one in traceback.extract_tb(error.__traceback__)[:-4:-1]
    )


def _internal(report: Report) -> Iterator[str]:
    for one in report.unread:
        if "internal error" in one.reason:
            yield one.reason


def _shown(report: Report) -> Iterator[str]:
    yield from _visible("text", RENDERERS["text"](report, _OPTIONS))
    shown = RENDERERS["json"](report, _OPTIONS)
    if not shown.isascii() or len(json.loads(shown)["findings"]) != len(report.findings):
        yield "JSON does not hold the findings"
    sarif = RENDERERS["sarif"](report, _OPTIONS)
    if not sarif.isascii() or json.loads(sarif)["version"] != "2.1.0":
        yield "SARIF is none"
    for result in json.loads(sarif)["runs"][0]["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        if (region["startLine"], region["startColumn"]) > (region["endLine"], region["endColumn"]):
            yield "a region that ends before it begins"


def _facts(data: bytes) -> Iterator[str]:
    pods = []
    for viewed in view_paths(["-"], stdin=io.BytesIO(data), stdin_filename="x.yaml", checked=True):
        yield from _internal(viewed.report)
        if viewed.pod is not None:
            pods.append(facts_of(viewed.pod))
            yield from _picture(picture_of(viewed.pod, viewed.findings))
    for pod in pods:
        yield from _visible("facts", "\n".join(escape(line) for line in tree.lines_of(pod)))
    account = unknown.account_of(iter(pods))
    yield from _visible("unknown", "\n".join(escape(line) for line in unknown.lines_of(account)))
    for value in (Facts(VERSION, tuple(pods)), account):
        json.loads(json_text(to_builtins(value)))


def _picture(picture: Picture) -> Iterator[str]:
    drawn = svg.draw(picture)
    yield from _visible("svg", drawn)
    ElementTree.fromstring(drawn)
    yield from _visible("mermaid", mermaid.draw(picture))
    lines = ("".join(piece.text for piece in line) for line in text.lines_of(picture, 100))
    yield from _visible("graph", "\n".join(lines))


def _visible(format_: str, shown: str) -> Iterator[str]:
    found = _FORGED.search(shown)
    if found:
        yield f"{format_}: {found[0]!r} is not escaped"


def resident() -> int:
    """Bytes of memory that this process holds now; 0 where that is not known."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
    except OSError:
        return 0


def run(seed: int, first: int, count: int, minutes: float) -> Tally:
    """Lint inputs from an index on, until there were `count` or the time is over (0 for no such end)."""
    tally, ends = Tally(), monotonic() + minutes * 60
    before = 0
    seen: Counter[str] = Counter()
    index = first
    while (not count or index < first + count) and (not minutes or monotonic() < ends):
        data = mutant(seed, index)
        began = process_time()
        found = list(problems_of(data, index % DEEP == 0))
        took = process_time() - began
        tally.seconds += took
        tally.inputs += 1
        tally.deep += index % DEEP == 0
        tally.bytes += len(data)
        tally.longest = max(tally.longest, (took, index))
        if took > SLOW:
            tally.slow += 1
            print(f"{seed} {index}: slow: {took:.1f} s, {len(data)} bytes", flush=True)
        for problem in found:
            tally.problems += 1
            seen[problem[:80]] += 1
            if seen[problem[:80]] <= 5:
                print(f"{seed} {index}: {problem}", flush=True)
        if tally.inputs == WARM:
            before = resident()
        index += 1
    tally.grown = resident() - before if before else 0
    if tally.grown > GROWTH:
        tally.problems += 1
        print(f"{seed} {first}: grew by {tally.grown >> 20} MiB", flush=True)
    return tally


def main(arguments: list[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=0, help="how long to go on; 0: until COUNT")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, metavar="INDEX", help="where to begin")
    parser.add_argument("--count", type=int, default=0, help="how many inputs; 0: until MINUTES are over")
    parser.add_argument("--show", action="store_true", help="write the first input instead")
    options = parser.parse_args(arguments)
    if options.show:
        sys.stdout.buffer.write(mutant(options.seed, options.first))
        return 0
    if not options.count and not options.minutes:
        parser.error("say how long: --minutes or --count")
    tally = run(options.seed, options.first, options.count, options.minutes)
    print(
        f"{tally.inputs} inputs ({tally.deep} in depth), {tally.bytes >> 20} MiB,"
        f" {tally.seconds:.0f} s of processor time;"
        f" problems: {tally.problems}, slow: {tally.slow}, longest: {tally.longest[0]:.2f} s"
        f" (index {tally.longest[1]}), grown by {tally.grown >> 20} MiB"
    )
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
