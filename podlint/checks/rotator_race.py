"""rotator-race: a container takes a log away from under another one that is writing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from podlint.findings import Finding, Label, Severity
from podlint.shell.effects import Action, Call, Effect, Hold, Repeats
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "rotator-race"

_TAKING = {Action.RENAME: "renames", Action.DELETE: "removes", Action.TRUNCATE: "truncates"}
_ROTATING = frozenset({"mv", "rm", "unlink", "truncate", "find", "gzip", "bzip2", "xz", "zstd"})
_REOPENING = re.compile(r"reopen|reload|graceful|rotate|USR1|HUP|(?<!\S)-(?:1|10)(?!\S)", re.IGNORECASE)
_SIGNALLING = frozenset({"kill", "pkill", "killall"})
_ASKING = frozenset({"curl", "wget", "nc", "socat", "kubectl", "crictl", "docker", "nsenter"})
_AGE = frozenset({"-mtime", "-mmin", "-ctime", "-cmin"})


def check(view: PodView) -> Iterator[Finding]:
    """Report rotators, one finding for each file that they take and each container that writes it."""
    if view.pod.partial:
        return
    for rotator in view.concurrent:
        if any(_tells_to_reopen(call, view) for _, call in rotator.calls):
            continue
        told: set[tuple[Action, int, int]] = set()
        for taken in rotator.effects:
            effect = taken.effect
            if effect.action in _TAKING and effect.repeats is not Repeats.ONCE and effect.by in _ROTATING:
                # A function called from many places, or a pattern with many roots, is still one mistake.
                mark = (effect.action, *effect.span[1:])
                findings = [] if mark in told else list(_against(taken, rotator, view))
                told.update([mark] if findings else [])
                yield from findings


def _tells_to_reopen(call: Call, view: PodView) -> bool:
    """Whether a command makes the writer open its file again: a signal that reaches it, a request, or
    logrotate."""
    words = " ".join(str(field.value) for field in call.fields[1:])
    if call.name == "logrotate":
        return True
    if call.name in _SIGNALLING or call.name in ("nginx", "apachectl", "httpd", "apache2ctl"):
        reaches = view.pod.share_process_namespace or view.pod.host_pid
        return reaches and bool(_REOPENING.search(words))
    return call.name in _ASKING and bool(_REOPENING.search(words))


def _is_old(taken: Placed, rotator: ContainerView) -> bool:
    """Whether `find` takes only files that nobody has written for a while; a live log is none of them."""
    effect = taken.effect
    for _, call in rotator.calls:
        if call.name == "find" and call.text is effect.text and call.start <= effect.start < call.end:
            words = [field.value for field in call.fields]
            for test, value in pairwise(words):
                if (
                    test.literal in _AGE
                    and not value.prefix[:1].isdigit()
                    and not value.prefix.startswith("-")
                ):
                    return True
    return False


def _against(taken: Placed, rotator: ContainerView, view: PodView) -> Iterator[Finding]:
    """The writers that a rotator works against."""
    if (taken.effect.action is Action.TRUNCATE and _was_copied(taken, rotator)) or _is_old(taken, rotator):
        return
    for writer in view.others(rotator):
        write = next((w for w in writer.effects if _is_live(w.effect) and w.place.may_be(taken.place)), None)
        if write is not None:
            yield _finding(taken, rotator, write, writer, view)
            return
    if _keeps_the_oldest(taken) and not any(
        w.effect.action.writes and w.place.may_be(taken.place) for w in rotator.effects
    ):
        yield _oldest(taken, rotator, view)


def _is_live(effect: Effect) -> bool:
    """Whether a file is being written all the time: held open, written again and again, or where the output
    of a program goes that may run for ever. (A path merely handed to an unknown program is no evidence.)"""
    if not effect.action.writes or (
        not effect.certain and effect.hold is not Hold.HELD and ">" not in effect.by
    ):
        return False
    return (
        effect.hold is Hold.HELD
        or effect.repeats is Repeats.FOREVER
        or (effect.hold is Hold.UNKNOWN and ">" in effect.by)
    )


def _was_copied(taken: Placed, rotator: ContainerView) -> bool:
    """copytruncate: what is cut off was copied before."""
    return any(
        p.effect.action is Action.READ and p.effect.order < taken.effect.order and p.place.may_be(taken.place)
        for p in rotator.effects
    )


def _keeps_the_oldest(taken: Placed) -> bool:
    """`truncate -s 50M` on the node's logs: whoever writes them, the newest lines go."""
    size = taken.effect.size.lstrip("=<")
    volume = taken.place.volume
    return (
        taken.effect.action is Action.TRUNCATE
        and size not in ("", "0")
        and taken.place.kind is Kind.VOLUME
        and volume is not None
        and volume.kind == "hostPath"
    )


def _finding(
    taken: Placed, rotator: ContainerView, write: Placed, writer: ContainerView, view: PodView
) -> Finding:
    held = write.effect.hold is Hold.HELD
    must = write.place.must_be(taken.place) and taken.effect.certain and _is_sure(write, writer)
    lethal = held and must and taken.effect.action is not Action.TRUNCATE
    follower = _follower(taken, write, view)
    related = [Label(write.effect.span.region(), _writing(write.effect, writer))]
    if follower is not None:
        related.append(
            Label(follower[1].effect.span.region(), f'"{follower[0].name}" stays with the old file')
        )
    deed = _TAKING[taken.effect.action]
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if lethal else Severity.WARNING,
        message=(
            f'"{rotator.name}" {deed} "{_shown(taken, write)}" under its writer "{writer.name}": '
            + _consequence(taken, write, follower, view)
        ),
        primary=Label(taken.effect.span.region(), _taking(taken, write)),
        related=tuple(related),
        route=(
            Label(write.effect.span.region(), f'"{writer.name}" writes "{write.effect.path}"'),
            Label(taken.effect.span.region(), f'"{rotator.name}" takes it away'),
        ),
        help=_advice(taken, write),
        pod=view.pod.title,
        container=rotator.name,
    )


def _is_sure(write: Placed, writer: ContainerView) -> bool:
    """Whether the file is certainly written: by a script, or by a known image as it was configured."""
    if write.effect.certain:
        return True
    by_image = write.effect.hold is Hold.HELD and write.effect.text.value == writer.container.image
    return by_image and not any(mount.path.startswith("/etc") for mount in writer.container.mounts)


def _follower(taken: Placed, write: Placed, view: PodView) -> tuple[ContainerView, Placed] | None:
    """Who follows the file by its descriptor (`tail -f`) while its writer goes on in a new one."""
    if taken.effect.action is not Action.RENAME or write.effect.hold is not Hold.REOPENED:
        return None
    for one in view.concurrent:
        for p in one.effects:
            if p.effect.follow == "descriptor" and p.place.may_be(taken.place):
                return one, p
    return None


def _shown(taken: Placed, write: Placed) -> str:
    """The path as the rotator sees it; the writer's where a pattern would say less."""
    return str(taken.effect.path if taken.effect.path.literal is not None else write.effect.path)


def _taking(taken: Placed, write: Placed) -> str:
    """What is wrong here, in a few words."""
    if taken.effect.by == "mv" and write.effect.hold is Hold.REOPENED:
        return "takes the file away, and fails while there is none"
    return f"{_TAKING[taken.effect.action]} a file that is being written"


def _writing(effect: Effect, writer: ContainerView) -> str:
    how = {
        Hold.HELD: "keeps it open",
        Hold.REOPENED: "opens it anew for each line",
        Hold.BRIEF: "writes it",
        Hold.UNKNOWN: "may keep it open",
    }
    return f'"{writer.name}" {how[effect.hold]}'


def _consequence(
    taken: Placed, write: Placed, follower: tuple[ContainerView, Placed] | None, view: PodView
) -> str:
    """What will be lost and what will not, for this pod."""
    effect, hold = taken.effect, write.effect.hold
    if effect.action is Action.TRUNCATE:
        if effect.size.lstrip("=<") not in ("", "0"):
            return f"cutting to {effect.size} keeps the oldest lines and throws away the newest"
        return "the lines that nobody has read by then are lost, and no copy is kept"
    if hold is Hold.REOPENED:
        if effect.action is Action.DELETE:
            return "later lines go into a new file, but all that was written before is lost, read or not"
        return f"no line is lost, since it reopens the file, but {_troubles(taken, follower, view)}"
    start = "all later lines" if hold is Hold.HELD else "if it keeps the file open, all later lines"
    if effect.action is Action.DELETE:
        return f"{start} are lost with the removed file, whose space is not freed"
    return f'{start} go into the renamed file, and "{write.effect.path}" never comes back'


def _troubles(taken: Placed, follower: tuple[ContainerView, Placed] | None, view: PodView) -> str:
    """The troubles that stay when no line is lost."""
    silent = f'"{follower[0].name}"' if follower is not None else 'a "tail -f"'
    piling = taken.to is not None and taken.to.path.literal is None and not _is_removed(taken, view)
    return f"{silent} sees none after the first rename" + (" and old files pile up" if piling else "")


def _is_removed(taken: Placed, view: PodView) -> bool:
    """Whether anybody may delete what the file was renamed to."""
    to = taken.to
    return to is not None and any(
        p.effect.action in (Action.DELETE, Action.RENAME) and p.place.may_be(to) and p is not taken
        for one in view.containers
        for p in one.effects
    )


def _advice(taken: Placed, write: Placed) -> str:
    if taken.effect.action is Action.TRUNCATE:
        return "copy the file before it is emptied, or let the writer rotate its own log"
    if write.effect.hold is Hold.REOPENED:
        return "copy and truncate instead, follow with `tail -F`, and delete old files"
    return "copy and truncate instead (the writer must append), or tell the writer to reopen its file"


def _oldest(taken: Placed, rotator: ContainerView, view: PodView) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.WARNING,
        message=(
            f'"{rotator.name}" cuts "{taken.effect.path}" to {taken.effect.size} under its writer: the '
            f"oldest lines stay and the newest are thrown away"
        ),
        primary=Label(taken.effect.span.region(), "keeps the oldest bytes"),
        help="rotate whole files, or leave it to the kubelet (containerLogMaxSize, containerLogMaxFiles)",
        pod=view.pod.title,
        container=rotator.name,
    )
