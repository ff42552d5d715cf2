"""Programs that podlint does not know: what they are probably told to run."""

from __future__ import annotations

from itertools import pairwise

from podlint.knowledge.command import Command
from podlint.knowledge.knowledge import Knowledge
from podlint.regex import late
from podlint.shell.effects import Field

_SCRIPT_OPTION = late(r"-[abd-z]*+c[a-z]*+")


def shell_behind(command: Command, fields: tuple[Field, ...], knowledge: Knowledge) -> tuple[Field, ...]:
    """The fields of the shell in `runner.sh bash -c SCRIPT`, a container's command (not one of a script);
    none where there is no such shell. A program probably runs what it is given like this."""
    if fields[0].word is None and not command.has("runs-elsewhere"):
        for index, (one, following) in enumerate(pairwise(fields[1:]), 1):
            is_shell = knowledge.command((one.value.literal or "").rpartition("/")[2]).has("shell")
            if is_shell and _SCRIPT_OPTION.fullmatch(following.value.literal or ""):
                return fields[index:]
    return ()
