"""`python -m tools.man [--check]`: write the man page, made from the command line itself.

Exits with 1 where (`--check`) the one that is there is stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from podlint import __version__
from podlint.cli.main import commands
from tools.generated import keep

PAGE = Path(__file__).resolve().parent.parent / "docs" / "podlint.1"


def page() -> str:
    """The page in the macros of man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f'.TH PODLINT 1 "" "podlint {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"podlint \\- {_text(_paragraphs(commands)[0].rstrip('.')).replace('Find', 'find', 1)}"
    yield ".SH SYNOPSIS"
    yield ".B podlint\nCOMMAND [OPTION]... [ARGUMENT]..."
    yield ".SH DESCRIPTION"
    for paragraph in _paragraphs(commands)[1:]:
        yield f".PP\n{_text(paragraph)}"
    yield ".SH COMMANDS"
    for context in _contexts(click.Context(commands, info_name="podlint")):
        yield from _command(context)
    yield ".SH EXIT STATUS"
    for code, meaning in (
        ("0", "nothing is wrong"),
        ("1", "there are findings"),
        ("2", "the command line or the configuration makes no sense"),
        ("3", "something could not be read, or nothing was"),
    ):
        yield f".TP\n.B {code}\n{_text(meaning)}"
    yield ".SH ENVIRONMENT"
    for name, meaning in (
        ("NO_COLOR", "No colors are used where it is not empty."),
        ("FORCE_COLOR", "Colors are used where it is not empty, also in a pipe."),
        ("PODLINT_DEBUG", "With 1 an unexpected error ends in a traceback."),
    ):
        yield f".TP\n.B {name}\n{_text(meaning)}"
    yield ".SH FILES"
    yield f".TP\n.B .podlint.yaml\n{_text('The configuration; also [tool.podlint] in pyproject.toml.')}"


def _contexts(parent: click.Context) -> Iterator[click.Context]:
    """The commands below one, each with the commands below it."""
    group = parent.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent)
        if isinstance(command, click.Group):
            yield from _contexts(context)
        else:
            yield context


def _command(context: click.Context) -> Iterator[str]:
    usage = " ".join(context.command.collect_usage_pieces(context))
    yield f".SS {_text(context.command_path)} {_text(usage)}"
    for paragraph in _paragraphs(context.command):
        if paragraph.startswith("\b"):
            yield f".PP\n.nf\n{_text(paragraph[2:])}\n.fi"
        else:
            yield f".PP\n{_text(' '.join(paragraph.split()))}"
    for parameter in context.command.params:
        if not isinstance(parameter, click.Option):
            continue
        record = parameter.get_help_record(context)
        if record is not None:
            yield f".TP\n.B {_text(record[0])}\n{_text(record[1])}"


def _paragraphs(command: click.Command) -> list[str]:
    return re.split(r"\n{2,}", cleandoc(command.help or ""))


def _text(text: str) -> str:
    """Text as troff takes it: a dash is one to copy, and no line begins with a control character."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.split("\n"))


if __name__ == "__main__":
    sys.exit(keep(PAGE, page(), sys.argv[1:]))
