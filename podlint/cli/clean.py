"""`podlint clean`: delete what earlier runs have kept."""

from __future__ import annotations

import os

import click

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode


@click.command(short_help="Delete what earlier runs have kept.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--cache-dir", metavar="DIR", help="The directory, in place of that of the PATHs.")
def clean(paths: tuple[str, ...], cache_dir: str | None) -> ExitCode:
    """Delete the cache that `podlint check` uses for each PATH (by default the current directory).

    Only what podlint has made there is deleted. The next run takes longer, and finds the same.
    """
    from podlint.cli.runs import Run, Settings, complaining

    settings = Settings(cache_dir=cache_dir)
    return complaining(lambda: _clean(Run.of(paths, settings).cache_directory))


def _clean(directory: str) -> ExitCode:
    from podlint.cache.place import Unusable, clean
    from podlint.display.escape import escape

    shown = os.path.relpath(directory)
    try:
        deleted = clean(directory)
    except Unusable as error:
        complain(f"{shown} cannot be deleted: {error}")
        return ExitCode.USAGE
    write(f"deleted {escape(shown)}\n" if deleted else f"nothing to delete: {escape(shown)} does not exist\n")
    return ExitCode.CLEAN
