"""All that a rule needs, in one import: what it may say, and what it can ask of a pod."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TypeAlias, overload

from podlint.knowledge.command import Command
from podlint.knowledge.image import Image
from podlint.knowledge.knowledge import Knowledge
from podlint.manifest.model import Exec, Mount, Port, Probe, Role, Volume
from podlint.manifest.pauses import Pause
from podlint.manifest.references import Argument, Reference, ReferenceState
from podlint.problem import Claim, Note, Problem, cause_at
from podlint.regex import late
from podlint.shell.effects import (
    Action,
    Call,
    Configuration,
    Duration,
    Effect,
    Field,
    Hold,
    Job,
    Output,
    Repeats,
)
from podlint.shell.endpoints import Direction, Endpoint, Recipient, Signal
from podlint.shell.patterns import Pattern
from podlint.shell.process import Process
from podlint.shell.syntax import LiteralPart, Quoting
from podlint.source.span import Span
from podlint.source.text import Text
from podlint.storage.places import Kind, Place
from podlint.storage.view import ContainerView, Effects, PlacedEffect, PodView

__all__ = [
    "Action",
    "Argument",
    "Call",
    "Check",
    "Claim",
    "Command",
    "Configuration",
    "ContainerView",
    "Direction",
    "Duration",
    "Effect",
    "Effects",
    "Endpoint",
    "Exec",
    "Field",
    "Hold",
    "Image",
    "Job",
    "Kind",
    "Knowledge",
    "LiteralPart",
    "Mount",
    "Note",
    "Output",
    "Pattern",
    "Pause",
    "Place",
    "PlacedEffect",
    "PodView",
    "Port",
    "Probe",
    "Problem",
    "Process",
    "Quoting",
    "Recipient",
    "Reference",
    "ReferenceState",
    "Repeats",
    "Role",
    "Signal",
    "Span",
    "Text",
    "Volume",
    "cause_at",
    "late",
    "rule",
]

Check: TypeAlias = Callable[[PodView], Iterator[Problem]]


@overload
def rule(check: Check, /) -> Check: ...
@overload
def rule(*, partial: bool = False) -> Callable[[Check], Check]: ...
def rule(check: Check | None = None, /, *, partial: bool = False) -> Check | Callable[[Check], Check]:
    """Make a rule of a function that yields the problems of a pod.

    A pod of which only a part is known (a patch) is passed over unless `partial`.
    """

    def make(check: Check) -> Check:
        @wraps(check)
        def guarded(pod: PodView) -> Iterator[Problem]:
            return check(pod) if partial or not pod.spec.partial else iter(())

        return guarded

    return make if check is None else make(check)
