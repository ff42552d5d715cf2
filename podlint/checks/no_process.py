"""no-process: an image whose own command is a shell or an interpreter, which ends where nobody types."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.vocabulary import Note, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each container that is to run for ever and has nothing to run."""
    for container in pod.running:
        spec, image = container.spec, container.image
        # `command: []` is what the API takes for none.
        idle = not spec.argv and not spec.interactive
        if not spec.name:
            continue  # Nothing is made of it: most often its fields have slipped out of it.
        if container.is_restarted and idle and image is not None and image.official and image.ends:
            what = f'"{image.program}"' if image.program else "a shell"
            yield Problem(
                f'"{container.name}" has nothing to run: image "{spec.image}" only starts {what}',
                Note(container, "no command and no args"),
                outcome="it ends at once and is started again and again (CrashLoopBackOff)",
                help='give it a command; to keep it for `kubectl exec`: ["sleep", "infinity"]',
                container=container,
                certain=image.is_certain("ends"),
            )
