"""What a run can be told: which rules speak, how loud, and for which Kubernetes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from podlint.findings import Severity
from podlint.manifest.versions import NEWEST, KubeVersion
from podlint.pages import severity_of

if TYPE_CHECKING:
    from podlint.knowledge.knowledge import Knowledge


class Options(Struct, frozen=True):
    """The options of a run. What is shown and what fails is not decided here: a report holds every finding.

    `select` and `ignore` are names of rules; an empty `select` means all of them, and `ignore` wins.
    `severities` are those of rules that differ from what the page of the rule says, by name.
    `kube_version` is the version of the cluster that the pods are for. `knowledge` is what is known of
    commands and images, by default what comes with podlint. `debug`: an unexpected error is raised instead of
    being counted as something unread.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severities: tuple[tuple[str, Severity], ...] = ()
    kube_version: KubeVersion = NEWEST
    knowledge: Knowledge | None = None
    debug: bool = False

    def __post_init__(self) -> None:
        """Raise `ValueError` for a name that no rule has."""
        names = self.select | self.ignore | dict(self.severities).keys()
        if names:
            from podlint.pages import heads

            unknown = sorted(names - heads().keys())
            if unknown:
                raise ValueError(f"no rule is called {unknown[0]!r}")

    def wants(self, rule: str) -> bool:
        """Whether findings of this rule are asked for."""
        return rule not in self.ignore and (not self.select or rule in self.select)

    def severity_of(self, rule: str) -> Severity:
        """How bad a certain finding of this rule is."""
        return dict(self.severities).get(rule) or severity_of(rule)


OptionsFor: TypeAlias = Callable[[str], Options]
"""The options for an input, by its path: they may differ between parts of a repository."""
