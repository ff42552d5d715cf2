"""podlint expands `$(NAME)` and `$$` as Kubernetes' own code does."""

from __future__ import annotations

import random

from podlint.manifest.expansion import Value, expand
from podlint.manifest.references import ReferenceState
from tests.kubernetes.client import Judge
from tests.manifest.reading import text_of

VARIABLES = {
    "A": "alpha",
    "B": "$(A)",
    "EMPTY": "",
    "DOLLARS": "$$",
    "CLOSED": ")",
    "with space": "spaced",
    "date": "monday",
    "SIX": "123456",
    "é": "ü",
    "$": "dollar",
    "(A": "opened",
    "": "nothing",
}
NAMES = [*VARIABLES, "NOBODY", "a", "(i+1", "cat /x/$(A"]
PIECES = [
    *(f"$({name})" for name in NAMES),
    *(f"$$({name})" for name in NAMES),
    *(f"$({name}" for name in NAMES),
    *"$()\\'\"{} \nA1é😀",
    "$$",
    "$(",
    "$$$",
    "${A}",
    "$A",
    "))",
]
STRINGS = 60_000


def look_up(name: str) -> Value | ReferenceState:
    return Value(VARIABLES[name]) if name in VARIABLES else ReferenceState.UNRESOLVED


def test_generated_strings_expand_alike(judge: Judge) -> None:
    chosen = random.Random(20_261_128)
    written = ["".join(chosen.choices(PIECES, k=chosen.randint(1, 10))) for _ in range(STRINGS)]
    ours = [expand(text_of(one), look_up).text.value for one in written]
    theirs = judge.expand(written, VARIABLES)
    assert len(theirs) == STRINGS
    different = [trio for trio in zip(written, ours, theirs, strict=True) if trio[1] != trio[2]]
    assert different[:5] == []
    # Were nothing rewritten, nothing would have been compared.
    assert sum(one != expanded for one, expanded in zip(written, theirs, strict=True)) > STRINGS // 2
