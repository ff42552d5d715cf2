"""What a run can be told: which rules speak, how loud, and for which Kubernetes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from podlint.findings import MAX_LISTED, Severity
from podlint.manifest.versions import NEWEST, KubeVersion
from podlint.pages import severity_of
from podlint.suppress.configured import ConfiguredIgnore
from podlint.suppress.directive import Terms, is_day

if TYPE_CHECKING:
    from podlint.knowledge.knowledge import Knowledge


ASKED = frozenset({"unrelated-containers"})
"""Rules that are only run where somebody selects them by their own name: what they report is worth a look in
a review, and no mistake by itself. The preset `recommended` says the same."""


class Options(Struct, frozen=True):
    """The options of a run. What is shown and what fails is not decided here: a report holds every finding.

    `select` and `ignore` are names of rules; an empty `select` means all of them but `ASKED`, and `ignore`
    wins.
    `severities` are those of rules that differ from what the page of the rule says, by name.
    `kube_version` is the version of the cluster that the pods are for. `knowledge` is what is known of
    commands and images, by default what comes with podlint. `ignores` are the entries of a configuration that
    say what not to report. An ignore counts only with a reason, unless `require_reason` is false, and to the
    end of its last day, where `today` (as `2027-01-31`) says which day it is. So many findings of one rule
    and severity in one file as `listed` says are listed, and others counted. `pictures`: the report carries
    the picture of each pod with findings. `debug`: an unexpected error is raised instead of being counted as
    something unread.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severities: tuple[tuple[str, Severity], ...] = ()
    kube_version: KubeVersion = NEWEST
    knowledge: Knowledge | None = None
    ignores: tuple[ConfiguredIgnore, ...] = ()
    require_reason: bool = True
    today: str = ""
    listed: int = MAX_LISTED
    pictures: bool = False
    debug: bool = False

    def __post_init__(self) -> None:
        """Raise `ValueError` for a name that no rule has, and for an entry of `ignores` that never counts."""
        names = self.select | self.ignore | dict(self.severities).keys()
        ignored = {name for one in self.ignores for name in one.rules}
        if names or ignored:
            from podlint.pages import GROUPS, heads

            unknown = sorted(names - heads().keys())
            if unknown:
                raise ValueError(f"no rule is called {unknown[0]!r}")
            unknown = sorted(ignored - heads().keys() - GROUPS.keys())
            if unknown:
                raise ValueError(f"no rule or group is called {unknown[0]!r}")
        for one in self.ignores:
            if self.require_reason and not one.reason:
                raise ValueError(f"ignoring {', '.join(one.rules)} needs a reason")
            if one.until and not is_day(one.until):
                raise ValueError(f"{one.until!r} is not a date such as 2027-01-31")

    @property
    def terms(self) -> Terms:
        """Under which terms an ignore counts."""
        return Terms(self.require_reason, self.today)

    def wants(self, rule: str) -> bool:
        """Whether findings of this rule are asked for."""
        selected = rule in self.select if self.select else rule not in ASKED
        return selected and rule not in self.ignore

    def severity_of(self, rule: str) -> Severity:
        """How bad a certain finding of this rule is."""
        return dict(self.severities).get(rule) or severity_of(rule)


OptionsFor: TypeAlias = Callable[[str], Options]
"""The options for an input, by its path: they may differ between parts of a repository."""
