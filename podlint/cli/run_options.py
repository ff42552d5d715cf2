"""Options that say what is looked at and by which rules: the same for all commands that look."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import reduce
from typing import Any, TypeVar

import click

from podlint.cli.render_options import RENDERING, Asked, rendering_of
from podlint.cli.rule_names import complete_preset, complete_rule_names, parse_preset, parse_rule_names
from podlint.cli.runs import Settings
from podlint.config.resolve import Wanted
from podlint.findings import Severity
from podlint.manifest.versions import NEWEST, KubeVersion, parse_version, shown
from podlint.source.path_patterns import PathPatterns

_Command = TypeVar("_Command", bound=Callable[..., Any])

SEVERITIES = click.Choice(["error", "warning", "info"])
DEFAULT_SEVERITY = "[default: warning]"


def _parse_kube_version(
    _context: click.Context, _option: click.Parameter, written: str | None
) -> KubeVersion | None:
    version = parse_version(written) if written is not None else None
    if written is not None and version is None:
        raise click.BadParameter(f"{written!r} is not a version; write it as {shown(NEWEST)}.")
    return version


def _parse_patterns(
    _context: click.Context, _option: click.Parameter, patterns: tuple[str, ...]
) -> tuple[str, ...]:
    try:
        if patterns:
            PathPatterns.of(os.curdir, patterns)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None
    return patterns


SELECT = click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    callback=parse_rule_names,
    shell_complete=complete_rule_names,
    help="Only these rules and groups of rules (a,b or repeated).",
)
IGNORE = click.option(
    "--ignore",
    multiple=True,
    metavar="RULE",
    callback=parse_rule_names,
    shell_complete=complete_rule_names,
    help="Not these rules and groups of rules (a,b or repeated).",
)
MIN_SEVERITY = click.option(
    "--min-severity",
    type=SEVERITIES,
    help=f"The least severity that is shown.  {DEFAULT_SEVERITY}",
)
KUBE_VERSION = click.option(
    "--kube-version",
    metavar="X.Y",
    callback=_parse_kube_version,
    help=f"The version of Kubernetes that the manifests are for.  [default: {shown(NEWEST)}]",
)
CONFIG = click.option(
    "--config", metavar="FILE", help="The configuration, in place of all that would be found."
)
NO_CONFIG = click.option("--no-config", is_flag=True, help="Read no configuration.")
_RULES = (
    click.option(
        "--preset",
        metavar="NAME",
        callback=parse_preset,
        shell_complete=complete_preset,
        help="Which rules, and how severe: recommended, strict or logging.",
    ),
    SELECT,
    IGNORE,
    MIN_SEVERITY,
    click.option(
        "--fail-on",
        type=SEVERITIES,
        help=f"The least severity that exits with 1.  {DEFAULT_SEVERITY}",
    ),
)
_INPUTS = (
    KUBE_VERSION,
    click.option(
        "--context",
        multiple=True,
        metavar="DIR",
        help="Also read what the pods refer to from DIR, "
        "and check its pods that use a ConfigMap of the PATHs.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        callback=_parse_patterns,
        help="Leave out what a pattern as in a .gitignore names.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="How many processes may work at a time.  [default: as many as there are processors]",
    ),
    click.option(
        "--cache-dir",
        metavar="DIR",
        help="Where to keep what was found for the next run.  [default: .podlint_cache in the repository]",
    ),
    click.option("--no-cache", is_flag=True, help="Find everything anew, and keep nothing."),
    CONFIG,
    NO_CONFIG,
)


class Looked(Asked):
    """What these options say, by the names of their parameters."""

    preset: str | None
    select: frozenset[str]
    ignore: frozenset[str]
    min_severity: str | None
    fail_on: str | None
    kube_version: KubeVersion | None
    context: tuple[str, ...]
    exclude: tuple[str, ...]
    jobs: int | None
    cache_dir: str | None
    no_cache: bool
    config: str | None
    no_config: bool


def settings_of(said: Looked) -> Settings:
    """The settings that these options make. Raises `click.UsageError`."""
    if said["config"] is not None and said["no_config"]:
        raise click.UsageError("--config and --no-config exclude each other.")
    if said["cache_dir"] is not None and said["no_cache"]:
        raise click.UsageError("--cache-dir and --no-cache exclude each other.")
    return Settings(
        wanted=Wanted(said["preset"], said["select"], said["ignore"], said["kube_version"]),
        min_severity=Severity(said["min_severity"]) if said["min_severity"] else None,
        fail_on=Severity(said["fail_on"]) if said["fail_on"] else None,
        context=said["context"],
        exclude=said["exclude"],
        jobs=said["jobs"],
        cache=not said["no_cache"],
        cache_dir=said["cache_dir"],
        config=said["config"],
        use_config=not said["no_config"],
        rendering=rendering_of(said, said["kube_version"]),
    )


def rule_options(command: _Command) -> _Command:
    """Add the options that say which rules count, and how much."""
    return _with(_RULES, command)


def input_options(command: _Command) -> _Command:
    """Add the options that say what is read."""
    return _with((*_INPUTS, *RENDERING), command)


def _with(options: tuple[Callable[[_Command], _Command], ...], command: _Command) -> _Command:
    return reduce(lambda inner, option: option(inner), reversed(options), command)
