"""A run that looks at manifests: what it was told, and what the configuration says to that."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from time import strftime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from podlint.cli.console import complain
from podlint.cli.exit_codes import ExitCode
from podlint.cli.guard import is_debugging
from podlint.cli.keeping import Keeping
from podlint.cli.progress import ProgressLine
from podlint.config.errors import ConfigurationError
from podlint.config.resolve import Resolver, Wanted
from podlint.engine.inputs import STDIN
from podlint.engine.run import lint_paths, unwatched
from podlint.findings import MAX_LISTED, Report, Severity
from podlint.manifest.versions import NEWEST, shown
from podlint.render.rendering import How
from podlint.source.path_patterns import PathPatterns

if TYPE_CHECKING:
    from podlint.config.loading import Loaded


class Settings(Struct, frozen=True):
    """How to check, as the command line says. What it does not say is None, and a configuration may."""

    wanted: Wanted = Wanted()
    format: str = "text"
    reports: tuple[tuple[str, str], ...] = ()
    """Other reports to write: a format and a file each."""
    color: str = "auto"
    annotations: bool = True
    """Whether the text format annotates by itself where GitHub Actions runs it."""
    min_severity: Severity | None = None
    fail_on: Severity | None = None
    strict: bool = False
    exit_zero: bool = False
    stdin_filename: str = "<stdin>"
    context: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    config: str | None = None
    use_config: bool = True
    add_ignores: str | None = None
    """The reason of the ignores that are to be written; None where none are."""
    baseline: str | None = None
    since: str | None = None
    """The revision since which a line has to have changed."""
    jobs: int | None = None
    """How many processes may work; None: as many as there are processors."""
    cache: bool = True
    """Whether what earlier runs have found is used, and what this one finds is kept."""
    cache_dir: str | None = None
    """The directory in which it is kept."""
    rendering: How = How(files=False)
    """Whether and how charts are rendered."""
    hook: bool = False
    """Whether pre-commit chose the paths: that all of them are excluded is no mistake then."""

    @property
    def draws(self) -> bool:
        """Whether a report is asked for that shows pictures of pods."""
        return "html" in (self.format, *(format_ for format_, _ in self.reports))


DEFAULTS = Settings()


class UsageError(Exception):
    """Settings that cannot be followed; `str()` says why."""


class Limits(Struct, frozen=True):
    """The least severities: which is shown, and which fails; and whether what was not understood fails, too.
    Nothing fails that is not shown."""

    shown: Severity
    failing: Severity
    strict: bool


def complaining(work: Callable[[], ExitCode]) -> ExitCode:
    """The exit code of `work`, which may find that settings cannot be followed."""
    try:
        return work()
    except ConfigurationError as error:
        for fault in error.faults:
            complain(str(fault))
    except UsageError as error:
        complain(str(error))
    return ExitCode.USAGE


class Run(Struct, frozen=True):
    """A run that is to be: its paths and settings, and what the configuration says to these."""

    paths: Sequence[str]
    settings: Settings
    resolver: Resolver
    loaded: Loaded | None
    limits: Limits
    excluded: PathPatterns | None

    @classmethod
    def of(cls, paths: Sequence[str], settings: Settings) -> Run:
        """A run over the paths (none: the current directory).

        Raises `ConfigurationError` and `UsageError`.
        """
        wanted = paths or (".",)
        if settings.rendering.chart and STDIN not in wanted:
            raise UsageError("--chart says what standard input was rendered from: add - to the paths")
        asked = replace(settings.wanted, debug=is_debugging(), today=strftime("%Y-%m-%d"))
        resolver = Resolver(asked, settings.config, enabled=settings.use_config)
        loaded = resolver.of_run(wanted)
        excluded = PathPatterns.of(os.curdir, settings.exclude) if settings.exclude else None
        return cls(wanted, settings, resolver, loaded, _limits(settings, loaded), excluded)

    @property
    def baseline(self) -> str | None:
        """The baseline that the command line or the configuration names."""
        if self.settings.baseline is not None or self.loaded is None or not self.loaded.config.baseline:
            return self.settings.baseline
        return os.path.relpath(os.path.join(self.loaded.directory, self.loaded.config.baseline))

    def excludes(self, path: str, is_directory: bool) -> bool:
        """Whether the command line or the configuration leaves a path out."""
        excluded = self.excluded is not None and self.excluded.match(path, is_directory)
        return excluded or self.resolver.excludes(path, is_directory)

    @property
    def context(self) -> tuple[str, ...]:
        """What the command line, or else the configuration, has read for what the pods refer to."""
        return self.settings.context or (() if self.loaded is None else self.loaded.context())

    @property
    def keeps(self) -> bool:
        """Whether what earlier runs have found is used, and what this one finds is kept. Who looks for an
        error wants it to come up again."""
        if not self.settings.cache or is_debugging():
            return False
        configured = self.loaded is None or self.loaded.config.cache is not False
        return configured or self.settings.cache_dir is not None

    @property
    def cache_directory(self) -> str:
        """The absolute path of the directory in which that is kept, if it is."""
        from podlint.cache.place import directory_for

        if self.settings.cache_dir is not None:
            return os.path.abspath(self.settings.cache_dir)
        configured = self.loaded.cache_directory() if self.loaded is not None else None
        return configured or directory_for(self.paths)

    @property
    def rendering(self) -> How | None:
        """How charts are rendered, where the command line or the configuration asks for that."""
        how = self.settings.rendering
        if self.loaded is not None and self.loaded.config.render:
            how = replace(how, files=True)
        if not how.files and not how.chart:
            return None
        named = self.loaded.config.kube_version if self.loaded is not None else None
        # What helm takes for the newest version depends on how it was built.
        return how if how.kube_version else replace(how, kube_version=named or shown(NEWEST))

    def lint(self, listed: int = MAX_LISTED) -> Report:
        """What is found."""
        progress = ProgressLine() if ProgressLine.wanted() else None
        keeping = Keeping(lambda: self.cache_directory if self.keeps else "")
        try:
            report = lint_paths(
                self.paths,
                self.resolver.options_for,
                context=self.context,
                excludes=self.excludes,
                stdin_filename=self.settings.stdin_filename,
                listed=listed,
                pictures=self.settings.draws,
                jobs=self.settings.jobs,
                watch=progress or unwatched,
                open_cache=keeping.open,
                rendering=self.rendering,
            )
        finally:
            if progress is not None:
                progress.end()
        keeping.complain()
        report.configurations = self.resolver.used
        return report


def _limits(settings: Settings, loaded: Loaded | None) -> Limits:
    """What is shown and what fails. What nobody has chosen follows what somebody has, and the command line
    counts for more than a configuration.

    Raises `UsageError` where what fails would not be shown.
    """
    shown, failing = settings.min_severity, settings.fail_on
    if shown is None and failing is None and loaded is not None:
        config = loaded.config
        shown = Severity(config.min_severity) if config.min_severity else None
        failing = Severity(config.fail_on) if config.fail_on else None
    elif loaded is not None and shown is None and loaded.config.min_severity:
        shown = min(Severity(loaded.config.min_severity), failing or Severity.ERROR, key=_rank)
    elif loaded is not None and failing is None and loaded.config.fail_on:
        failing = max(Severity(loaded.config.fail_on), shown or Severity.INFO, key=_rank)
    if shown is not None and failing is not None and failing.rank < shown.rank:
        raise UsageError(
            f"what fails would not be shown: fail-on is {failing.value}, min-severity is {shown.value}"
        )
    return Limits(
        shown or min(Severity.WARNING, failing or Severity.WARNING, key=_rank),
        failing or max(Severity.WARNING, shown or Severity.WARNING, key=_rank),
        settings.strict or (loaded is not None and bool(loaded.config.strict)),
    )


def _rank(severity: Severity) -> int:
    return severity.rank
