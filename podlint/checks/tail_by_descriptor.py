"""tail-by-descriptor: a `tail -f` stays with the old file when another one takes its name."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._creation import maker_of
from podlint.checks._rotation import Loss, loss_of, rotators_of
from podlint.findings import Finding, Label, Severity
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "tail-by-descriptor"


def check(view: PodView) -> Iterator[Finding]:
    """Report followers by descriptor, once for each file of a container."""
    if view.pod.partial:
        return
    follows = [(one, p) for one in view.concurrent for p in one.effects if p.effect.follow == "descriptor"]
    if not follows:
        return
    rotators = rotators_of(view)
    told: set[tuple[str, str]] = set()
    for one, follow in follows:
        mark = (one.name, str(follow.effect.path))
        if mark not in told:
            told.add(mark)
            loss = loss_of(follow, rotators, view)
            if loss is not None:
                yield _rotated(follow, one, loss, view)
            elif (writer := _stranger(follow, one, view)) is not None:
                yield _perhaps_rotated(follow, one, writer, view)


def _rotated(follow: Placed, one: ContainerView, loss: Loss, view: PodView) -> Finding:
    related = [Label(loss.span.region(), f'"{loss.rotator.name}" {loss.deed} it')]
    if loss.write is not None and loss.writer is not None:
        words = "is told to open it again" if loss.told else "opens it anew for each line"
        related.append(Label(loss.write.effect.span.region(), f'"{loss.writer.name}" {words}'))
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if loss.must else Severity.WARNING,
        message=(
            f'"{one.name}" sees no more of "{follow.effect.path}" once "{loss.rotator.name}" {loss.deed} it: '
            f'"tail -f" stays with the old file'
        ),
        primary=Label(follow.effect.span.region(), "followed by its descriptor"),
        related=tuple(related),
        help=_advice(follow, loss),
        pod=view.pod.title,
        container=one.name,
    )


def _advice(follow: Placed, loss: Loss) -> str:
    by_name = f"follow by name: `tail -n+1 -F {follow.effect.path}`"
    if loss.deed == "removes":
        return f"{by_name}; what nobody has read by then is lost all the same (rotator-race)"
    return f"{by_name}, or copy and truncate instead of renaming"


def _stranger(follow: Placed, one: ContainerView, view: PodView) -> ContainerView | None:
    """A sibling with a program that podlint does not know, which writes the file and may rotate it itself."""
    if follow.place.kind is not Kind.VOLUME or maker_of(follow, one, view) is not None:
        return None
    writes = [p for c in view.containers for p in c.effects if p.effect.action.writes]
    if any(write.place.may_be(follow.place) for write in writes):
        # A script makes the file, and nobody was seen to rotate it.
        return None
    for other in view.others(one):
        mounts = other.mounts_of(follow.place)
        if not other.understood and mounts and not all(mount.read_only for mount in mounts):
            return other
    return None


def _perhaps_rotated(follow: Placed, one: ContainerView, writer: ContainerView, view: PodView) -> Finding:
    path = follow.effect.path
    return Finding(
        rule=RULE,
        severity=Severity.INFO,
        message=(
            f'"{one.name}" follows "{path}" by its descriptor: if "{writer.name}" rotates its log itself, '
            f'"{one.name}" sees nothing more'
        ),
        primary=Label(follow.effect.span.region(), "followed by its descriptor"),
        related=(Label(writer.container.span.region(), "may rotate the file"),),
        help=f"follow by name: `tail -n+1 -F {path}`",
        pod=view.pod.title,
        container=one.name,
    )
