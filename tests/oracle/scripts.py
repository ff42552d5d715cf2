"""Harmless, bounded shell scripts by the thousand, each made by the throws of one seed.

Commands that need a file get one that is there, so that every command can do its work: what the analyser
calls certain holds under that condition only.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from random import Random

from .pieces import PIECES
from .spelling import Spelling, single

SHELLS = ("busybox", "dash", "bash")
SEEDS = {
    "a": "one\ntwo words\n",
    "b.txt": "b\n",
    "log/app.log": "l1\nl2\n",
    "log/old.log": "o\n",
    "made/m": "m\n",
    "sub dir/c": "c\n",
}
"""What lies in every script's volume before it starts, and is never taken away."""
MAX_DEPTH = 4
_MARK = re.compile(r"@(p\d|[a-z]+)")
_OPENINGS = ("", "", "", "set -e\n", "set -u\n", "set -eu\n", "cd /data\n")


@dataclass(frozen=True, slots=True)
class Script:
    """A script for one of `SHELLS`; all its work is on the volume at /data."""

    seed: int
    shell: str
    text: str


def script(seed: int) -> Script:
    """The script of a seed: the same on every machine."""
    shell = SHELLS[seed % len(SHELLS)]
    return Script(seed, shell, _Writer(Random(seed), shell).script())


class _Writer:
    """Fills pieces in."""

    def __init__(self, dice: Random, shell: str) -> None:
        self._dice = dice
        self._sh = "bash" if shell == "bash" else "sh"
        self._spelling = Spelling(dice, shell)
        self._bash = shell == "bash"
        self._count = 0
        self._depth = 0

    def script(self) -> str:
        lines = [self._statement() for _ in range(self._dice.randint(2, 5))]
        return self._dice.choice(_OPENINGS) + "\n".join(lines) + "\n"

    def _statement(self) -> str:
        self._depth += 1
        self._count += 1
        deep = self._depth > MAX_DEPTH
        statement = "leaf" if deep or self._dice.random() < 0.5 else "branch"
        text = self._piece(statement, {"n": str(self._count)})
        self._depth -= 1
        return text

    def _body(self) -> str:
        return "; ".join(self._statement() for _ in range(self._dice.choice([1, 1, 2])))

    def _piece(self, name: str, own: dict[str, str]) -> str:
        """A piece of that name; `own` are the paths and the number of the statement that it belongs to."""
        pieces = [piece for piece in PIECES[name] if self._bash or not piece.startswith("bash: ")]
        if self._depth > 1:
            # A here-document needs lines of its own.
            pieces = [piece for piece in pieces if "<<" not in piece or "<<<" in piece]
        piece = self._dice.choice(pieces).removeprefix("bash: ")
        return _MARK.sub(lambda mark: self._filled(mark.group(1), own), piece).replace("↵", "\n")

    def _filled(self, name: str, own: dict[str, str]) -> str:
        if name in PIECES:
            return self._piece(name, own)
        if name == "body":
            return self._body()
        if name == "quoted":
            return single(self._body())
        if name == "nested":
            return single(f"{self._sh} -c {single(self._body())}; : > /data/r{self._count}")
        if name == "given":
            return self._spelling.path("/data/" + self._dice.choice(list(SEEDS)))
        if name == "sh":
            return self._sh
        if name not in own:
            own[name] = self._fresh()
        return own[name] if name == "n" else self._spelling.path(own[name])

    def _fresh(self) -> str:
        """A path that is not there yet and that no other piece uses."""
        self._count += 1
        directory = self._dice.choice(["/data", "/data", "/data/made", "/data/sub dir"])
        return f"{directory}/{self._dice.choice(['n', 'f-', 'x.', 'k 3'])}{self._count}"


if __name__ == "__main__":
    print(script(int(sys.argv[1])).text)
