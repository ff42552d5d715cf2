"""Whether a container may use what it writes itself, so that nobody else has to see it."""

from __future__ import annotations

import re

from podlint.shell.effects import Action, Output
from podlint.shell.patterns import split_last
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, Placed

SCRATCH = re.compile(
    r"^(?:/tmp|/var/tmp|/run|/var/run|/var/lock|/var/cache|/var/lib/(?:apt|dpkg|apk)|/root/\.[^/]*|/home/[^/]*/\.[^/]*)(?:/|$)"
    r"|\.(?:pid|lock|lck|sock|swp|tmp)$"
)
"""Paths that a container keeps to itself by nature."""


def is_consumed(placed: Placed, one: ContainerView) -> bool:
    """Whether the container itself may use the file: reads it, moves it, or runs something that podlint
    does not know."""
    for other in one.effects:
        if other.effect.action in (Action.READ, Action.EXECUTE, Action.LINK, Action.SYMLINK, Action.RENAME):
            if other.place.may_hold(placed.place):
                return True
            if other.place.kind is Kind.UNKNOWN and split_last(other.place.path)[1].may_be(
                split_last(placed.place.path)[1]
            ):
                return True
    for process in one.processes:
        if process.opaque or process.doubts:
            return True
        # A program does not read back where its own output is redirected to; any other unknown one may.
        for call in process.calls:
            into = call.into if call.output is Output.FILE else None
            if not call.known and into != placed.effect.path:
                return True
    return False
