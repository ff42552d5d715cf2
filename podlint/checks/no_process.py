"""no-process: an image whose own command is a shell or an interpreter, which ends where nobody types."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.images.knowledge import Image, image_of
from podlint.manifest.model import Role
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each container that is to run for ever and has nothing to run."""
    for one in pod.running:
        container = one.spec
        policy = "Always" if container.role is Role.SIDECAR else container.restart_policy
        restarted = (policy or pod.spec.restart_policy) == "Always" and not container.restart_rules
        # `command: []` is what the API takes for none.
        if not restarted or container.argv or container.interactive:
            continue
        image = image_of(container.image)
        if image is not None and image.official and image.ends:
            yield _finding(image, one, pod)


def _finding(image: Image, container: ContainerView, pod: PodView) -> Problem:
    what = f'"{image.program}"' if image.program else "a shell"
    return Problem(
        certain=image.is_certain("ends"),
        message=(
            f'"{container.name}" ends as soon as it starts, again and again: "{container.spec.image}" by itself '
            f"runs {what}, which has nothing to do here"
        ),
        at=Note(container.spec.span, "has no command and no args"),
        help='give it a command; to keep it for `kubectl exec`: ["sleep", "infinity"]',
        container=container,
    )
