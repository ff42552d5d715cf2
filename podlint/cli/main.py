"""The command line: finds the command, or explains what is wrong with the arguments."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from podlint import __version__
from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode

_COMMANDS = ("check", "explain", "rules", "facts", "graph", "baseline", "config", "clean", "completion")


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for, so that each pays for itself only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See `click.Group.list_commands`."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See `click.Group.get_command`."""
        if cmd_name not in _COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = getattr(import_module(f"podlint.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """See `click.Group.resolve_command`. A path where a command belongs is a common slip."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            if os.path.exists(name):
                ctx.fail(f"no such command {name!r}; to check a path, write: podlint check {name}")
            from podlint.config.errors import nearest

            ctx.fail(f"no such command {name!r}{nearest(name, _COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    subcommand_metavar="COMMAND [ARGS]...",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="podlint %(version)s")
@click.pass_context
def commands(context: click.Context) -> ExitCode:
    """Find where the containers of a Kubernetes pod misunderstand each other.

    podlint reads manifests as kubelet, shell and file system would. It never runs anything that it reads.
    """
    if context.invoked_subcommand is None:
        write(context.get_help() + "\n")
    return ExitCode.USAGE


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. Mistakes in it are explained, other errors are raised."""
    try:
        result = commands.main(args=list(arguments), prog_name="podlint", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        write(error.format_message() + "\n")
        return ExitCode.USAGE
    except click.UsageError as error:
        command = arguments[0] if arguments[0] in _COMMANDS else ""
        path = error.ctx.command_path if error.ctx else f"podlint {command}".rstrip()
        complain(" ".join(error.format_message().split()), f"'{path} --help' says how to use it")
        return ExitCode.USAGE
    except click.Abort:
        # This is how click passes an interrupt on.
        raise KeyboardInterrupt from None
    except SystemExit:
        # This is how click ends when the reader of its help has gone away, which is no error.
        return ExitCode.CLEAN
    return result if isinstance(result, int) else ExitCode.CLEAN
