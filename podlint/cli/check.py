"""`podlint check`: the options of the check."""

from __future__ import annotations

import click

from podlint.cli.checking import DEFAULTS, Settings, check_paths
from podlint.cli.exit_codes import ExitCode
from podlint.cli.rule_names import parse_rule_names
from podlint.engine.options import Options
from podlint.findings import Severity
from podlint.manifest.versions import NEWEST, KubeVersion, parse_version, shown

_SEVERITIES = click.Choice(["error", "warning", "info"])
_FORMATS = click.Choice(["text", "json", "sarif"])


def _parse_kube_version(_context: click.Context, _option: click.Parameter, written: str) -> KubeVersion:
    version = parse_version(written)
    if version is None:
        raise click.BadParameter(f"{written!r} is no version; write it as {shown(NEWEST)}.")
    return version


@click.command(short_help="Check manifests.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format", "format_", type=_FORMATS, default=DEFAULTS.format, show_default=True, help="How to report."
)
@click.option("--output", metavar="FILE", help="Write the report to FILE instead of standard output.")
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    callback=parse_rule_names,
    help="Only these rules (a,b or repeated).",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULE",
    callback=parse_rule_names,
    help="Not these rules (a,b or repeated).",
)
@click.option(
    "--min-severity",
    type=_SEVERITIES,
    default=DEFAULTS.min_severity.value,
    show_default=True,
    help="The least severity that is shown.",
)
@click.option(
    "--fail-on",
    type=_SEVERITIES,
    default=DEFAULTS.fail_on.value,
    show_default=True,
    help="The least severity that exits with 1.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 also when anything was skipped or not understood.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option(
    "--kube-version",
    default=shown(NEWEST),
    show_default=True,
    metavar="X.Y",
    callback=_parse_kube_version,
    help="The version of Kubernetes that the manifests are for.",
)
@click.option(
    "--context",
    multiple=True,
    metavar="DIR",
    help="Also read what the pods refer to from DIR, and check its pods that use a ConfigMap of the PATHs.",
)
@click.option(
    "--stdin-filename",
    default=DEFAULTS.stdin_filename,
    metavar="NAME",
    help="What to call standard input (the path '-') in reports.",
)
def check(
    *,
    paths: tuple[str, ...],
    format_: str,
    output: str | None,
    select: frozenset[str],
    ignore: frozenset[str],
    min_severity: str,
    fail_on: str,
    strict: bool,
    exit_zero: bool,
    kube_version: KubeVersion,
    context: tuple[str, ...],
    stdin_filename: str,
) -> ExitCode:
    """Check the manifests at each PATH: a file, a directory (searched for .yaml, .yml and .json files,
    leaving out what .gitignore names), or '-' for standard input. Without a PATH: the current directory.

    Exits with 0 when nothing is wrong, 1 when there are findings, 2 when an option makes no sense, and 3 when
    something could not be read.
    """
    settings = Settings(
        options=Options(select, ignore, kube_version=kube_version),
        format=format_,
        output=output,
        min_severity=Severity(min_severity),
        fail_on=Severity(fail_on),
        strict=strict,
        exit_zero=exit_zero,
        context=context,
        stdin_filename=stdin_filename,
    )
    return check_paths(paths, settings)
