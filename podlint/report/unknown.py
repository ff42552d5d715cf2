"""What stands in the way of understanding: each shell container that is not fully interpreted, and why."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from podlint.report.escape import escape
from podlint.shell.commands.table import SHELLS
from podlint.source.span import Region
from podlint.storage.view import ContainerView

_ELSEWHERE = "which is not in the run"


class Unknown(Struct, frozen=True):
    """One reason, and where it stands. `elsewhere`: what is missing is a script that is not in the run."""

    region: Region
    pod: str
    container: str
    reason: str
    elsewhere: bool


class Account(Struct):
    """Shell containers: how many there are, how many were interpreted without an unknown construct, and how
    many of the others lack nothing but scripts that are not in the run. Programs that podlint does not know
    are no fault."""

    containers: int = 0
    interpreted: int = 0
    only_elsewhere: int = 0
    unknown: list[Unknown] = field(default_factory=list)


def account_of(views: Iterable[ContainerView]) -> Account:
    """Count the shell containers, and list what was not understood in them."""
    account = Account()
    for view in views:
        if not _is_shell_container(view):
            continue
        account.containers += 1
        found = {(one.region.path, one.region.offset, one.reason): one for one in _unknown(view)}
        account.unknown += found.values()
        if not found:
            account.interpreted += 1
        elif all(one.elsewhere for one in found.values()):
            account.only_elsewhere += 1
    return account


def _is_shell_container(view: ContainerView) -> bool:
    """Whether some process of it runs a shell script, or would if the script were in the run."""
    return any(process.scripts for process in view.processes) or any(
        call.name in SHELLS for call in view.calls
    )


def _unknown(view: ContainerView) -> Iterable[Unknown]:
    for process in view.processes:
        for doubt in process.doubts:
            elsewhere = doubt.reason.endswith(_ELSEWHERE)
            yield Unknown(doubt.span.region(), view.pod_spec.title, view.name, doubt.reason, elsewhere)


def lines_of(account: Account) -> str:
    """The account for people: one line for each reason, the figures last."""
    lines = [
        f"{one.region.path}:{one.region.start.line}:{one.region.start.column}: "
        f'{one.pod}, container "{one.container}": {one.reason}'
        for one in account.unknown
    ]
    return "".join(escape(line) + "\n" for line in [*lines, _figures(account)])


def _figures(account: Account) -> str:
    if not account.containers:
        return "no shell container was found"
    known = account.interpreted + account.only_elsewhere
    return (
        f"{account.interpreted} of {account.containers} shell containers "
        f"({_percent(account.interpreted, account.containers)}) interpreted without an unknown construct; "
        f"{known} ({_percent(known, account.containers)}) but for scripts that are not in the run"
    )


def _percent(part: int, whole: int) -> str:
    # Rounded down, so that 100.0 % is said of nothing less.
    return f"{part * 1000 // whole / 10:.1f} %"


def facts_of_account(account: Account) -> dict[str, object]:
    """The account for programs."""
    return {
        "shellContainers": account.containers,
        "interpreted": account.interpreted,
        "onlyScriptsElsewhere": account.only_elsewhere,
        "unknown": [
            {
                "path": one.region.path,
                "startLine": one.region.start.line,
                "startColumn": one.region.start.column,
                "pod": one.pod,
                "container": one.container,
                "reason": one.reason,
                "elsewhere": one.elsewhere,
            }
            for one in account.unknown
        ],
    }
