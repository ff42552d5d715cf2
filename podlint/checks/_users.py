"""As which user a container runs, by its manifest and by what is known of its image."""

from __future__ import annotations

from podlint.vocabulary import ContainerView

_ROOT = ("root", "0")
"""Users as which an image may start that are root."""


def is_root(container: ContainerView) -> bool:
    """Whether a container certainly starts as root."""
    user, image = container.spec.run_as_user, container.image
    by_image = image is not None and image.is_certain("user") and image.user in _ROOT
    return user == 0 or (user is None and by_image)


def runs_as_another(container: ContainerView) -> bool:
    """Whether a container starts as another user than root."""
    user, image = container.spec.run_as_user, container.image
    if user is not None:
        return user != 0
    return image is not None and image.official and image.user not in ("", *_ROOT)
