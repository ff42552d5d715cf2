"""`podlint completion`: what a shell needs to complete command lines."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from podlint.cli.console import write

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Complete command lines in a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print a script that lets SHELL complete commands, options and names of rules.

    \b
    bash: podlint completion bash > ~/.local/share/bash-completion/completions/podlint
    zsh:  podlint completion zsh > "${fpath[1]}/_podlint"
    fish: podlint completion fish > ~/.config/fish/completions/podlint.fish
    """
    from podlint.cli.main import commands

    kind = get_completion_class(shell)
    assert kind is not None
    write(kind(commands, {}, "podlint", "_PODLINT_COMPLETE").source())
