"""Commands that refuse to work for another user than root."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._calls import holds
from podlint.checks._users import user_of
from podlint.knowledge.image import is_one_of
from podlint.vocabulary import Call, ContainerView, PodView


def refused_calls(pod: PodView) -> Iterator[tuple[ContainerView, Call]]:
    """What containers call in vain, as their user is not root."""
    for container in pod.containers:
        if not user_of(container, built_in=pod.is_built_in).is_not_root:
            continue
        for call in container.calls:
            if _needs_root(call) and not _is_run_as_another(call, container):
                yield container, call


def operation(call: Call) -> str:
    """The program with the word that says what it is to do (`apt-get install`)."""
    return f"{call.name} {_operand(call)}"


def _needs_root(call: Call) -> bool:
    needed, words = call.command.privileged, [str(field.value) for field in call.fields[1:]]
    if needed is None or not call.certain or call.failure_handled:
        return False
    return _operand(call) in needed.words and not any(is_one_of(word, needed.unless) for word in words)


def _operand(call: Call) -> str:
    """Its first operand; "" where a word before it is not known, which may be an option."""
    words = (field.value.literal or "" for field in call.fields[1:])
    return next((word for word in words if not word.startswith("-")), "")


def _is_run_as_another(call: Call, container: ContainerView) -> bool:
    """Whether a command around it changes the user (`sudo`)."""
    return any(
        other is not call and other.command.has("changes-user") and holds(other, call)
        for other in container.calls
    )
