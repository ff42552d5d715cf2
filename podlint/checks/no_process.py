"""no-process: an image whose own command is a shell or an interpreter, which ends where nobody types."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.findings import Finding, Label, Severity
from podlint.images.knowledge import Image, image_of
from podlint.manifest.model import Role
from podlint.storage.view import ContainerView, PodView

RULE = "no-process"


def check(view: PodView) -> Iterator[Finding]:
    """Report each container that is to run for ever and has nothing to run."""
    if view.pod.partial:
        return
    for one in view.concurrent:
        container = one.container
        policy = "Always" if container.role is Role.SIDECAR else container.restart_policy
        restarted = (policy or view.pod.restart_policy) == "Always" and not container.restart_rules
        # `command: []` is what the API takes for none.
        if not restarted or container.argv or container.interactive:
            continue
        image = image_of(container.image)
        if image is not None and image.official and image.ends:
            yield _finding(image, one, view)


def _finding(image: Image, one: ContainerView, view: PodView) -> Finding:
    what = f'"{image.program}"' if image.program else "a shell"
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if image.is_certain("ends") else Severity.WARNING,
        message=(
            f'"{one.name}" ends as soon as it starts, again and again: "{one.container.image}" by itself '
            f"runs {what}, which has nothing to do here"
        ),
        primary=Label(one.container.span.region(), "has no command and no args"),
        help='give it a command; to keep it for `kubectl exec`: ["sleep", "infinity"]',
        pod=view.pod.title,
        container=one.name,
    )
