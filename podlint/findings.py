"""What is reported: findings made of labels, and the account of a run. Plain data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from enum import Enum

from msgspec import Struct, field
from msgspec.structs import replace

from podlint.source.span import Region


class Severity(Enum):
    """How bad a finding is. `rank` grows with severity."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for error."""
        return ("info", "warning", "error").index(self.value)


class Label(Struct, frozen=True):
    """A region with words."""

    region: Region
    text: str


class Finding(Struct, frozen=True, tag=True):
    """One mistake. `message` says what is wrong, `outcome` what happens when the pod runs; `primary` says
    what is wrong here, `related` say why.

    `route` is the way of the data, step by step (writer, volume, reader), where there is one.
    """

    rule: str
    severity: Severity
    message: str
    primary: Label
    outcome: str = ""
    related: tuple[Label, ...] = ()
    route: tuple[Label, ...] = ()
    help: str = ""
    """What to do about it, in one line; empty where the page has to say."""
    pod: str = ""
    """`Kind/name` of the workload, empty for findings about a file."""
    container: str = ""
    namespace: str = ""
    """Of the workload; empty where the manifest names none."""
    object: str = ""
    """`Kind/name` of the object that the primary label stands in: the workload, or a ConfigMap with a script
    of it. Of a document that cannot be read, the name of its file."""
    object_path: str = ""
    """The way from that object to the primary label by names:
    `spec.template.spec.containers[name=web].command[2]`."""
    statement: str = ""
    """What the primary label covers, of a script the statement that it is in, with single blanks."""
    certain: bool = True
    """Whether it is a mistake whatever else is the case; what is not certain is one severity less."""
    variants: tuple[str, ...] = ()
    """The renderings that show it, where its template was rendered in several ways."""
    copy: int = 1
    """The number of the finding among those of a report that are equal in all that makes its identity."""

    @property
    def identity(self) -> str:
        """What stays the same about the finding while its file is moved, renamed or reformatted: `digest` and
        `copy`. `IDENTITY` is the name of how it is made."""
        return f"{self.digest}:{self.copy}"

    @property
    def digest(self) -> str:
        """What stands for the `subject`."""
        from hashlib import sha256

        return sha256("\0".join(self.subject).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def subject(self) -> tuple[str, ...]:
        """All that makes the identity but `copy`: no line, no path."""
        return (
            self.rule,
            self.namespace,
            self.pod,
            self.container,
            self.object,
            self.object_path,
            self.statement,
        )

    @property
    def kind(self) -> tuple[str, str, Severity]:
        """Path, rule and severity: of one kind at most `MAX_LISTED` are listed."""
        return (self.primary.region.path, self.rule, self.severity)

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Path, offset, rule, message: the order in which findings are reported."""
        region = self.primary.region
        return (region.path, region.offset, self.rule, self.message)


IDENTITY = "podlintFinding/v2"
"""Changes whenever the same finding would get another identity."""


class Unread(Struct, frozen=True):
    """Something that could not be read at all: a file without permission, not text, too large."""

    path: str
    reason: str


class Skipped(Struct, frozen=True):
    """Something that was seen and deliberately not analysed (`kind`: `template`, …)."""

    path: str
    kind: str
    line: int
    reason: str


class Omitted(Struct, frozen=True, tag=True):
    """Findings of one rule and severity in one file that are counted and not listed, beyond `MAX_LISTED`."""

    path: str
    rule: str
    severity: Severity
    count: int


MAX_PICTURES = 5000
"""Pictures of pods that a report carries."""
MAX_LISTED = 100
"""Findings of one rule and severity in one file that a report lists; what is more is counted."""


class Suppressed(Struct, frozen=True, tag=True):
    """A finding that somebody has said not to report, and why; it counts for nothing.

    `by` is what says so: `comment`, `annotation`, `configuration` or `baseline`.
    """

    finding: Finding
    by: str
    reason: str = ""


class IgnoreUse(Struct, frozen=True):
    """What one input shows of a comment or an annotation that says what to ignore, by its place.

    `told` is what is to be said of it, None where it is needed; `sure` says that this holds whatever other
    inputs show.
    """

    path: str
    offset: int
    told: Finding | Suppressed | Omitted | None = None
    sure: bool = False


class NotUnderstood(Struct, frozen=True):
    """A script, or a part of it, that the analyser could not follow; never an error by itself."""

    region: Region
    pod: str
    container: str
    reason: str


class Report(Struct):
    """All that one run has to tell. Findings are sorted and unfiltered; renderers and exit codes filter by
    severity."""

    findings: list[Finding] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    not_understood: list[NotUnderstood] = field(default_factory=list)
    omitted: list[Omitted] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    files: int = 0
    documents: int = 0
    pods: int = 0
    containers: int = 0
    scripts: int = 0
    ignored: int = 0
    """Directories, and files that are named like manifests, that a .gitignore has left out."""
    configurations: list[str] = field(default_factory=list)
    """The configuration files that were in force, each as it is shown."""
    excluded: int = 0
    """The same that the run was told to leave out."""
    controlled: int = 0
    """Objects that a controller has made, and that are told where that is."""

    pictures: list[str] = field(default_factory=list)
    """Of pods with findings, where the run was asked for pictures: each a `podlint.picture.model.Picture` as
    `podlint.picture.carrying` packs it, in the order of files and places, at most `MAX_PICTURES`."""
    charts: int = 0
    """Helm charts that were seen and not rendered."""
    kustomizations: int = 0
    """The same of kustomizations."""
    suppressed_unlisted: int = 0
    """How many more are suppressed, beyond `MAX_LISTED` of one rule and severity in one file."""
    ignores: list[IgnoreUse] = field(default_factory=list)
    """What inputs show of the ignores in them; empty once it is settled what is told of these."""
    stale: int = 0
    """Entries of the baseline that no finding matches."""
    unchanged: dict[Severity, int] = field(default_factory=dict)
    """Findings that are left out, as they are on lines that have not changed."""

    @classmethod
    def merged(cls, parts: Iterable[Report], listed: int = MAX_LISTED) -> Report:
        """The reports of several inputs as one, everything in the order of paths and places; `listed`
        findings of one rule and severity in one file are listed."""
        whole = cls()
        listing = _Listing(listed)
        suppressed: defaultdict[tuple[str, str, Severity], int] = defaultdict(int)
        for part in parts:
            listing.add(part)
            for one in part.suppressed:
                suppressed[one.finding.kind] += 1
                if suppressed[one.finding.kind] <= MAX_LISTED:
                    whole.suppressed.append(one)
                else:
                    whole.suppressed_unlisted += 1
            whole.suppressed_unlisted += part.suppressed_unlisted
            whole.ignores += part.ignores
            whole.pictures += part.pictures[: MAX_PICTURES - len(whole.pictures)]
            whole.unread += part.unread
            whole.skipped += part.skipped
            whole.not_understood += part.not_understood
            whole.files += part.files
            whole.documents += part.documents
            whole.pods += part.pods
            whole.containers += part.containers
            whole.scripts += part.scripts
            whole.ignored += part.ignored
            whole.excluded += part.excluded
            whole.controlled += part.controlled
            whole.charts += part.charts
            whole.kustomizations += part.kustomizations
        listing.fill(whole)
        if whole.suppressed:
            whole.suppressed.sort(key=lambda one: one.finding.sort_key)
        if whole.findings or whole.suppressed:
            _number(whole)
        whole.unread.sort(key=lambda one: (one.path, one.reason))
        whole.skipped.sort(key=lambda one: (one.path, one.line, one.kind))
        whole.not_understood.sort(
            key=lambda one: (one.region.path, one.region.offset, one.container, one.reason)
        )
        return whole

    def in_variant(self, variant: str) -> Report:
        """The report of one of several renderings."""
        return replace(self, findings=[replace(one, variants=(variant,)) for one in self.findings])

    def limit(self) -> None:
        """Count the findings beyond `MAX_LISTED` of one rule and severity in one file instead of listing
        them."""
        listing = _Listing(MAX_LISTED)
        listing.add(self)
        listing.fill(self)

    def counts(self, least: Severity = Severity.INFO) -> Counter[Severity]:
        """How many findings of each severity there are, at or above `least`, listed or not."""
        counted = Counter(finding.severity for finding in self.findings)
        for more in self.omitted:
            counted[more.severity] += more.count
        return Counter({severity: n for severity, n in counted.items() if severity.rank >= least.rank})


class _Listing:
    """The findings of some reports: so many of one rule and severity in one file, and how many more."""

    def __init__(self, listed: int) -> None:
        self._limit = listed
        self._findings: list[Finding] = []
        self._listed: defaultdict[tuple[str, str, Severity], int] = defaultdict(int)
        self._omitted: defaultdict[tuple[str, str, Severity], int] = defaultdict(int)

    def add(self, report: Report) -> None:
        """Add the findings of a report, in their order."""
        for finding in report.findings:
            kind = finding.kind
            if self._listed[kind] < self._limit:
                self._listed[kind] += 1
                self._findings.append(finding)
            else:
                self._omitted[kind] += 1
        for more in report.omitted:
            self._omitted[more.path, more.rule, more.severity] += more.count

    def fill(self, report: Report) -> None:
        """Make them the findings of a report, sorted."""
        report.findings = sorted(self._findings, key=lambda finding: finding.sort_key)
        report.omitted = [Omitted(*kind, count) for kind, count in self._omitted.items()]
        report.omitted.sort(key=lambda one: (one.path, one.rule, -one.severity.rank))


def _number(report: Report) -> None:
    """Tell equal findings apart by their order; what is suppressed counts, so that it changes no other's."""
    told = [*report.findings, *(one.finding for one in report.suppressed)]
    seen: Counter[tuple[str, ...]] = Counter()
    for index in sorted(range(len(told)), key=lambda index: told[index].sort_key):
        subject = told[index].subject
        seen[subject] += 1
        if told[index].copy != seen[subject]:
            told[index] = replace(told[index], copy=seen[subject])
    listed = len(report.findings)
    report.findings = told[:listed]
    report.suppressed = [
        replace(one, finding=finding) for one, finding in zip(report.suppressed, told[listed:], strict=True)
    ]
