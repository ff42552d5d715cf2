"""As which user a container runs, by its manifest and by what is known of its image."""

from __future__ import annotations

from msgspec import Struct

from podlint.digits import number_of
from podlint.vocabulary import ContainerView

_ROOT = ("root", "0")
"""Users as which an image may start that are root."""


class User(Struct, frozen=True):
    """A user: its number, None where that is not known, and whether it is certainly not root."""

    number: int | None
    is_not_root: bool
    name: str = ""

    def __str__(self) -> str:
        return "root" if self.number == 0 else f"user {self.name or self.number}"

    def is_certainly_not(self, other: User) -> bool:
        """Whether the two are different users for sure."""
        if self.number is not None and other.number is not None:
            return self.number != other.number
        return (self.number == 0 and other.is_not_root) or (other.number == 0 and self.is_not_root)


ROOT = User(0, False)
NOBODY_KNOWS = User(None, False)


def named(name: str) -> User:
    """The user that a Dockerfile or `chown` names."""
    number = 0 if name in _ROOT else number_of(name)
    if number is not None:
        return User(number, number != 0)
    return User(None, True, f'"{name}"')


def user_of(container: ContainerView, *, built_in: bool) -> User:
    """The user as which a container starts. `built_in`: its workload is of a kind of Kubernetes itself; other
    controllers may choose a user, as OpenShift does."""
    number, image = container.spec.run_as_user, container.image
    if number is not None:
        return User(number, number != 0)
    if image is None or not built_in or not image.is_certain("user"):
        return NOBODY_KNOWS
    if image.steps_down and container.spec.command is None:
        return NOBODY_KNOWS
    return named(image.user.partition(":")[0])


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
