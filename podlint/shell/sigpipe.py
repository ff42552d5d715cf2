"""Commands behind a pipe that may be done with it before it ends."""

from __future__ import annotations

from podlint.knowledge.knowledge import Knowledge
from podlint.regex import late
from podlint.shell.flow import Exit, Flow
from podlint.shell.syntax import Command, Redirected, SimpleCommand, While
from podlint.shell.traversal import command_names, literal_word

_FIRST_MATCH = late(r"-[A-Za-z]*[qmlL][0-9]*|--(?:quiet|silent|max-count|files-with).*")
_QUITS = late(r"[0-9$/{;\s][qQ][0-9]*\s*(?:[;}]|$)")
_EXITS = late(r"\bexit\b")


def may_stop_reading(part: Command, flow: Flow, before: Command, knowledge: Knowledge) -> bool:
    """Whether a part of a pipe may be done before the one `before` it, which never ends by itself.

    Whoever writes into a pipe that nobody reads any more is ended by SIGPIPE; `yes` by whatever it answers.
    """
    while isinstance(part, Redirected):
        part = part.body
    if isinstance(part, While):
        return flow.falls_through or flow.exits is Exit.UNCONDITIONAL
    if flow.exits is Exit.UNCONDITIONAL or command_names(before) == ("yes",):
        return True
    return isinstance(part, SimpleCommand) and _stops_early(part, knowledge)


def _stops_early(command: SimpleCommand, knowledge: Knowledge) -> bool:
    """Whether a program reads its input no further than it needs."""
    words = [literal_word(word) or "" for word in command.words]
    name = knowledge.program(words[0].rpartition("/")[2]) if words else ""
    if name in ("grep", "zgrep"):
        return any(_FIRST_MATCH.fullmatch(word) for word in words[1:])
    if name == "awk":
        return any(_EXITS.search(word) for word in words[1:])
    if name == "sed":
        return any(_QUITS.search(word) for word in words[1:])
    return name == "head"
