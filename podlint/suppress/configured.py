"""What a configuration says not to report."""

from __future__ import annotations

from msgspec import Struct

from podlint.source.path_patterns import PathPatterns
from podlint.suppress.directive import Terms


class ConfiguredIgnore(Struct, frozen=True):
    """An entry of a configuration: findings of `rules` (rules or groups) are not reported at these places.

    `paths` are those of the inputs, `workload` is `Kind/name` and `container` a name, both as a finding has
    them. What is empty fits all. It counts to the end of the day `until` (`2027-01-31`).
    """

    rules: tuple[str, ...]
    reason: str = ""
    paths: PathPatterns | None = None
    workload: str = ""
    container: str = ""
    until: str = ""

    def reaches(self, path: str) -> bool:
        """Whether it speaks about an input."""
        return self.paths is None or self.paths.match(path)

    def fits(self, rule: str, group: str, workload: str, container: str) -> bool:
        """Whether it speaks about a finding of an input that it reaches."""
        return (
            (rule in self.rules or group in self.rules)
            and self.workload in ("", workload)
            and self.container in ("", container)
        )

    def counts(self, terms: Terms) -> bool:
        """Whether it gives a reason where one is needed, and has not expired."""
        return terms.are_met(self.reason, self.until)
