"""missing-command: a program, or a shell, that the image does not have."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._absent_programs import Absent, absent_programs
from podlint.vocabulary import ContainerView, Exec, Note, PodView, Problem, rule

_OUTCOMES = {
    "livenessProbe": "the probe fails each time, and the container is restarted again and again",
    "readinessProbe": "the probe fails each time, and the pod never becomes ready",
    "startupProbe": "the probe fails each time, and the container is killed again and again",
    "postStart": "the hook fails, and the container is killed",
    "preStop": "the hook fails, and the container is stopped without it",
}


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report all programs that one container asks for in vain as one problem, at the first of them."""
    for container in pod.containers:
        found = list(absent_programs(container))
        if not found:
            continue
        first = next((one for one in found if one.certain), found[0])
        image = container.spec.image.partition("@")[0]
        others = [one for one in found if one is not first]
        yield Problem(
            f'{first.title} runs "{first.name}", which the image "{image}" does not have',
            Note(first.call.fields[0], "not in the image" if first.named else "its first line names it"),
            outcome=_outcome(first),
            notes=tuple(Note(one.call.fields[0], f'nor is "{one.name}"') for one in others),
            help=_help(first, container),
            container=container,
            certain=first.certain,
        )


def _outcome(absent: Absent) -> str:
    if not absent.started:
        return f'the command fails with "{absent.name}: not found" each time'
    started_by = absent.process.started_by
    return _OUTCOMES[started_by.kind] if isinstance(started_by, Exec) else "the container does not start"


def _help(absent: Absent, container: ContainerView) -> str:
    if container.image is not None and container.image.shell == "none":
        return "the image has no shell and none of the usual programs: take a variant that has them"
    if absent.instead:
        return f'use "{absent.instead}", or an image that has "{absent.name}"'
    return f'use an image that has "{absent.name}", or install it first'
