"""What stands in the way of understanding: each shell container that is not fully interpreted, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from podlint.facts.model import VERSION, Container, Pod
from podlint.facts.processes import Record

_ELSEWHERE = "which is not in the run"


class Unknown(Record, frozen=True):
    """One reason, and where it stands. `elsewhere`: what is missing is a script that is not in the run."""

    path: str
    start_line: int
    start_column: int
    pod: str
    container: str
    reason: str
    elsewhere: bool


class Account(Struct, rename="camel"):
    """Shell containers: how many there are, how many were interpreted without an unknown construct, and how
    many of the others lack nothing but scripts that are not in the run. Programs that podlint does not know
    do not count."""

    version: str = VERSION
    shell_containers: int = 0
    interpreted: int = 0
    only_scripts_elsewhere: int = 0
    unknown: list[Unknown] = field(default_factory=list)


def account_of(pods: Iterable[Pod]) -> Account:
    """Count the shell containers, and list what was not understood in them."""
    account = Account()
    for pod in pods:
        for container in filter(_is_shell_container, pod.containers):
            account.shell_containers += 1
            found = list(dict.fromkeys(_unknown(pod, container)))
            account.unknown += found
            if not found:
                account.interpreted += 1
            elif all(one.elsewhere for one in found):
                account.only_scripts_elsewhere += 1
    return account


def _is_shell_container(container: Container) -> bool:
    """Whether some process of it runs a shell script, or would if the script were in the run."""
    return any(
        process.scripts or any("shell" in call.traits for call in process.calls)
        for process in container.processes
    )


def _unknown(pod: Pod, container: Container) -> Iterator[Unknown]:
    title = f"{pod.kind}/{pod.name}" if pod.name else pod.kind
    for process in container.processes:
        for doubt in process.doubts:
            elsewhere = doubt.reason.endswith(_ELSEWHERE)
            at = doubt.at
            yield Unknown(
                at.path, at.start_line, at.start_column, title, container.name, doubt.reason, elsewhere
            )


def lines_of(account: Account) -> Iterator[str]:
    """The account for people: one line for each reason, the figures last. Nothing is escaped yet."""
    for one in account.unknown:
        where = f"{one.path}:{one.start_line}:{one.start_column}"
        yield f'{where}: {one.pod}, container "{one.container}": {one.reason}'
    yield from _figures(account)


def _figures(account: Account) -> Iterator[str]:
    whole, understood = account.shell_containers, account.interpreted
    if not whole:
        yield "no shell container was found"
        return
    yield f"understood: {understood} of {whole} shell containers ({_percent(understood, whole)})"
    known = understood + account.only_scripts_elsewhere
    yield f"but for scripts that are not in the run: {known} of {whole} ({_percent(known, whole)})"


def _percent(part: int, whole: int) -> str:
    # Rounded down, so that 100.0 % is said of nothing less.
    return f"{part * 1000 // whole / 10:.1f} %"
