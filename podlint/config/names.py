"""Names that people write: of rules, of groups of rules, and of presets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache

from podlint.config.errors import nearest
from podlint.config.model import Preset
from podlint.config.reading import read_table
from podlint.config.validation import converted
from podlint.engine.options import ASKED
from podlint.findings import Severity
from podlint.pages import GROUPS, heads

PRESETS = os.path.join(os.path.dirname(__file__), "presets")


class UnknownName(ValueError):
    """A name that nothing has; `str()` says so, with the nearest that there is."""


def rules_of(names: Iterable[str]) -> frozenset[str]:
    """The rules that are named, by themselves or by their group; a group leaves out those that run only where
    they are named themselves. Raises `UnknownName`."""
    found: set[str] = set()
    for name in names:
        found |= _rules_named(name) - (ASKED if name in GROUPS else frozenset())
    return frozenset(found)


def severities_of(written: Mapping[str, str]) -> dict[str, Severity]:
    """Severities by rule; a rule counts for more than its group. Raises `UnknownName`."""
    groups = {name: level for name, level in written.items() if name in GROUPS}
    found: dict[str, Severity] = {}
    for name, level in (*groups.items(), *(one for one in written.items() if one[0] not in GROUPS)):
        found |= dict.fromkeys(_rules_named(name), Severity(level))
    return found


def preset_names() -> list[str]:
    """The names of all presets, sorted."""
    return sorted(name.removesuffix(".yaml") for name in os.listdir(PRESETS))


@cache
def preset(name: str) -> Preset:
    """A preset by its name. Raises `UnknownName`."""
    known = preset_names()
    if name not in known:
        hint = nearest(name, known) or f"; there are {', '.join(known)}"
        raise UnknownName(f"no preset is called {name!r}{hint}")
    table = read_table(os.path.join(PRESETS, f"{name}.yaml"))
    assert table is not None
    return converted(table, Preset)


def _rules_named(name: str) -> frozenset[str]:
    pages = heads()
    if name in GROUPS:
        return frozenset(rule for rule, page in pages.items() if page.group == name)
    if name in pages:
        return frozenset((name,))
    raise UnknownName(f"no rule or group is called {name!r}{nearest(name, (*pages, *GROUPS))}")
