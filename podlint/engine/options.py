"""What a run can be told: which rules speak, and for which Kubernetes."""

from __future__ import annotations

from msgspec import Struct

from podlint.manifest.versions import NEWEST, KubeVersion


class Options(Struct, frozen=True):
    """The options of a run. What is shown and what fails is not decided here: a report holds every finding.

    `select` and `ignore` are names of rules; an empty `select` means all of them, and `ignore` wins.
    `kube_version` is the version of the cluster that the pods are for. `debug`: an unexpected error is raised
    instead of being counted as something unread.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    kube_version: KubeVersion = NEWEST
    debug: bool = False

    def __post_init__(self) -> None:
        """Raise `ValueError` for a name that no rule has."""
        names = self.select | self.ignore
        if names:
            from podlint.pages import heads

            unknown = sorted(names - heads().keys())
            if unknown:
                raise ValueError(f"no rule is called {unknown[0]!r}")

    def wants(self, rule: str) -> bool:
        """Whether findings of this rule are asked for."""
        return rule not in self.ignore and (not self.select or rule in self.select)
