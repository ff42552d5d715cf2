"""`podlint config`: what is in force, and changes of the configuration."""

from __future__ import annotations

import os

import click

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode
from podlint.config.errors import ConfigurationError


@click.group(short_help="Show and change the configuration.")
def config() -> None:
    """Show what is in force for a path, and change the configuration."""


@config.command(short_help="Show what is in force for a path.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--config", "only", metavar="FILE", help="The configuration, in place of the one that is found."
)
def show(path: str, only: str | None) -> ExitCode:
    """Print what is in force for PATH, and which file and line says so."""
    from podlint.config.resolve import Resolver, Wanted
    from podlint.config.showing import shown

    # A directory is asked about as a manifest in it would be.
    asked = os.path.join(path, "pod.yaml") if os.path.isdir(path) else path
    try:
        write(shown(Resolver(Wanted(), only), asked))
    except ConfigurationError as error:
        return _complain(error)
    return ExitCode.CLEAN


@config.command(short_help="Add to the configuration.")
@click.argument("key")
@click.argument("values", nargs=-1, required=True, metavar="VALUE...")
@click.option(
    "--config", "path", default=".podlint.yaml", show_default=True, metavar="FILE", help="The file to change."
)
def add(key: str, values: tuple[str, ...], path: str) -> ExitCode:
    """Add VALUEs to the list KEY of the configuration, or set what has one value. Comments stay.

    \b
    podlint config add ignore tail-by-descriptor
    podlint config add exclude vendor/ "*.test.yaml"
    podlint config add severity.unshared-path warning
    podlint config add kube-version 1.34
    """
    from podlint.config.editing import add_to
    from podlint.source.decode import reason_of

    try:
        add_to(path, key, values)
    except ConfigurationError as error:
        return _complain(error)
    except OSError as error:
        complain(f"cannot write {path!r}: {reason_of(error)}")
        return ExitCode.USAGE
    return ExitCode.CLEAN


def _complain(error: ConfigurationError) -> ExitCode:
    for fault in error.faults:
        complain(str(fault))
    return ExitCode.USAGE
