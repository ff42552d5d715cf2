"""What the program spares itself while it starts."""

from __future__ import annotations

import gc
import re
import sys

from podlint.regex import late

_NEW_OBJECTS = 50_000
"""How many objects more may be there before cycles are looked for."""


def collect_rarely() -> None:
    """Have cycles looked for less often: what is imported stays for the whole run, and what a run makes is
    mostly trees without cycles."""
    gc.set_threshold(_NEW_OBJECTS)


def import_sparingly() -> None:
    """Import msgspec and PyYAML without what podlint never asks of them: a fifth of the time that one small
    file takes. For the program alone: whoever imports podlint into a process of their own gets both as they
    are.

    PyYAML compiles the patterns of its readers in Python, of which libyaml needs none, and so do modules that
    msgspec imports: here all of them are compiled if they are used. msgspec prefers `typing_extensions` to
    `typing` where it is installed, and with it come `inspect`, `ast` and `tokenize`: here it does without, as
    it does where that is missing.
    """
    compile_now, hidden = re.compile, "typing_extensions" not in sys.modules
    modules: dict[str, object] = sys.modules  # type: ignore[assignment]
    if hidden:
        modules["typing_extensions"] = None
    re.compile = late  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
        import yaml  # noqa: F401
    finally:
        re.compile = compile_now
        if hidden:
            del modules["typing_extensions"]
