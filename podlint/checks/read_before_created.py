"""read-before-created: a container reads a file at its start that a sibling creates some time later."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import islice

from podlint.checks._calls import call_of
from podlint.checks._creation import Maker, fails_without, maker_of
from podlint.checks._file_mounts import frozen
from podlint.checks._rotation import loss_of, rotators_of
from podlint.manifest.model import Role
from podlint.vocabulary import Claim, Note, PlacedEffect, PodView, Problem, cause_at, rule

MAX_READS = 100
"""Reads of one container that are looked at."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report readers that may start before their file is there, once for each command and each file."""
    early = [
        (read, maker)
        for reader in pod.running
        for read in islice(filter(fails_without, reader.effects), MAX_READS)
        if (maker := maker_of(read, pod)) is not None
    ]
    claims = _claims([read for read, _ in early if read.follow], pod)
    for read, maker in early:
        yield _problem(read, maker, claims.get(_command(read), ()), pod)


def _command(read: PlacedEffect) -> Hashable:
    return cause_at(read.container, call_of(read) or read)


def _claims(follows: list[PlacedEffect], pod: PodView) -> dict[Hashable, tuple[Claim, ...]]:
    """For each command, what its problems yield to: the same `-f` loses a file that is rotated.

    Only where it is seen to be rotated: that a program may do so yields to this rule.
    """
    claims: dict[Hashable, tuple[Claim, ...]] = {}
    rotators = rotators_of(pod) if follows else None
    for follow in follows:
        if rotators is not None and loss_of(follow, rotators, pod) is not None:
            claim = Claim("tail-by-descriptor", cause_at(follow.container, follow))
            claims[_command(follow)] = (*claims.get(_command(follow), ()), claim)
    return claims


def _problem(read: PlacedEffect, maker: Maker, claims: tuple[Claim, ...], pod: PodView) -> Problem:
    reader, path, creator = read.container, read.path, maker.container.name
    if reader.spec.role is Role.SIDECAR:
        message = f'"{reader.name}" reads "{path}", but starts before "{creator}", which creates it'
    else:
        message = f'"{reader.name}" may read "{path}" before "{creator}" creates it'
    creation = (
        Note(maker.write, f'"{creator}" creates it')
        if maker.write is not None
        else Note(maker.container, f'only "{creator}" can create it')
    )
    pause = _pause_before(read)
    return Problem(
        message,
        Note(read, "does not wait for the file"),
        outcome=_outcome(read, pod),
        notes=(creation, *([pause] if pause is not None else [])),
        help=f"use `tail -n+1 -F {path}`: it waits for the file, and also goes on after a rotation"
        if read.follow
        else f"wait for it: `until [ -f {path} ]; do sleep 1; done`",
        container=reader,
        certain=pause is None,
        causes=(read.cause, _command(read), cause_at(reader, read)),
        yields_to=(*claims, *frozen(read)),
    )


def _outcome(read: PlacedEffect, pod: PodView) -> str:
    """What happens when the file is not there."""
    reader = read.container
    if read.follow:
        never = pod.spec.restart_policy == "Never" and reader.spec.role is not Role.SIDECAR
        then = "is not restarted" if never else "is restarted until the file is there"
        return f'"tail -f" ends with an error if the file is missing, and "{reader.name}" {then}'
    program = "the shell" if read.is_redirection else f'"{read.by}"'
    return f"{program} reports an error if the file is missing, and does not try again"


def _pause_before(read: PlacedEffect) -> Note | None:
    """A `sleep` on the way to the read: a bet that mostly wins."""
    for call in read.process.calls:
        if call.name == "sleep" and call.certain and call.order < read.order:
            return Note(call, "may not be long enough")
    return None
