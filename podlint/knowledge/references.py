"""Which image a reference means, whatever its registry, tag and digest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from podlint.knowledge.image import Entry, Image, Port
from podlint.regex import late


def find_image(reference: str, entries: Mapping[str, Sequence[Entry]]) -> Image | None:
    """The facts about an image by its reference; None where there are none.

    `entries` are those of each last part of a repository; the first that fits counts. The answer is
    `official` where the repository is that very image, on Docker Hub or on a mirror. An image of the same
    name by somebody else (`mycorp/nginx`) is probably like it; of such a one nothing is certain.
    """
    repository, tag = split_reference(reference)
    parts = tag.split("-")
    candidates = entries.get(repository.rpartition("/")[2], ())
    for official in (True, False):
        named = [entry for entry in candidates if _names(repository, entry.repository) is official]
        image = _one_of(_meant(named, parts))
        if image is None:
            continue
        if not official:
            image = replace(image, official=False)
        if "distroless" in parts:
            return replace(image, shell="none", shell_since="0")
        if image.shell == "none" and not all(map(_tells_no_variant, parts)):
            return replace(image, shell="")
        known = image.shell == "dash" or (official and "/" not in named[0].repository and not image.shell)
        if known and any(part.startswith("alpine") for part in parts):
            lacks = image.alpine_lacks
            return replace(image, shell="ash", base="", programs=frozenset(), lacks=lacks)
        return image
    return None


_NO_VARIANT = frozenset({"", "latest", "nonroot", "scratch", "stable", "amd64", "arm64", "linux"})


def _tells_no_variant(part: str) -> bool:
    """Whether a part of a tag cannot be the name of a variant that has a shell (`debug`, `buster`)."""
    return part in _NO_VARIANT or bool(version_of(part))


def reaches(reference: str, version: str) -> bool:
    """Whether an image is of a version or a later one, as far as its tag says; without a number it is new."""
    numbers = _numbers_of(reference)
    return not numbers or numbers >= version_of(version)


def is_since(reference: str, firsts: Collection[str]) -> bool:
    """Whether an image may be of one of the first versions of a series (`9.6.17`, `12.2`), or of a later one,
    as far as its tag says. `9.6` is the newest of its series."""
    numbers = _numbers_of(reference)
    bounds = sorted(map(version_of, firsts))
    for bound in bounds:
        common = min(len(numbers), len(bound) - 1)
        if numbers[:common] == bound[:common]:
            return len(numbers) < len(bound) or numbers >= bound
    return not bounds or numbers >= bounds[0]


def _numbers_of(reference: str) -> tuple[int, ...]:
    """The version in a tag; empty where there is none."""
    parts = split_reference(reference)[1].split("-")
    return next((found for part in parts if (found := version_of(part))), ())


_BASED_ON = {
    "dash": ("debian", "ubuntu", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "xenial",
             "bionic", "focal", "jammy", "noble"),
    "ash": ("alpine",),
}  # fmt: skip
"""How a part of a tag begins that names what an image is built on, by what `sh` is there."""


def shell_by_tag(reference: str) -> str:
    """What `sh` is in an image, as far as its tag tells ("" where it does not): `dash`, `ash`."""
    parts = split_reference(reference)[1].split("-")
    if "distroless" in parts:
        return ""
    found = [shell for shell, names in _BASED_ON.items() if any(part.startswith(names) for part in parts)]
    return found[0] if len(found) == 1 else ""


_OLD = ("jessie", "stretch", "buster", "bullseye", "bookworm", "xenial", "bionic", "focal", "jammy", "noble")
_NEW = ("trixie", "forky", "plucky", "questing")
_RELEASE = late(r"(?:^|[/:-])(?:debian[-:]?(\d{1,2})|ubuntu[-:]?(\d{1,2})\.(\d{1,2}))(?![\w])")
_PIPEFAIL = ((13, 0), (25, 4))
"""The releases of Debian and Ubuntu whose dash (0.5.12-7) was the first to know `set -o pipefail`."""


def has_old_dash(reference: str) -> bool | None:
    """Whether a reference names a release of Debian or Ubuntu with a dash before 0.5.12-7; None where it
    names none."""
    repository, tag = split_reference(reference)
    parts = tag.split("-")
    for names, old in ((_OLD, True), (_NEW, False)):
        if any(part.startswith(names) for part in parts):
            return old
    release = _RELEASE.search(f"{repository.rpartition('/')[2]}:{tag}")
    if release is None:
        return None
    debian, ubuntu, month = (int(one) if one else 0 for one in release.groups())
    return debian < _PIPEFAIL[0][0] if debian else (ubuntu, month) < _PIPEFAIL[1]


def _meant(entries: Sequence[Entry], parts: Sequence[str]) -> list[Image]:
    """The images that a tag may mean, up to the first that it means for sure."""
    found = []
    for entry in entries:
        fits = _fits(entry.tags, parts)
        if fits is not False:
            found.append(entry.image)
        if fits:
            break
    return found


def _one_of(images: Sequence[Image]) -> Image | None:
    """The first of several images, with doubts about all in which they differ."""
    if not images:
        return None
    first, *others = images
    if not others:
        return first
    differing = (
        field
        for field in Image.__struct_fields__
        if field not in ("ports", "moved_by")
        if any(getattr(other, field) != getattr(first, field) for other in others)
    )
    doubtful = tuple(dict.fromkeys((*first.doubtful, *differing)))
    ports = tuple(
        replace(port, certain=all(_listens(image, port) for image in images)) for port in first.ports
    )
    return replace(first, doubtful=doubtful, ports=ports, moved_by=_moved_by(images))


def _listens(image: Image, port: Port) -> bool:
    """Whether an image certainly listens on a port."""
    wanted = (port.number, port.protocol, port.address)
    return any((one.number, one.protocol, one.address) == wanted and one.certain for one in image.ports)


def _moved_by(images: Sequence[Image]) -> tuple[str, ...] | None:
    """What may move the ports of any of them; None where that is not known of one that has some."""
    listening = [image.moved_by for image in images if image.ports]
    if None in listening:
        return None
    return tuple(dict.fromkeys(one for moving in listening for one in moving or ()))


def _fits(tags: Sequence[str], parts: Sequence[str]) -> bool | None:
    """Whether an entry is for a tag; None where the tag does not say its version."""
    if not tags:
        return True
    bounds = [tag.removeprefix(">=") for tag in tags if tag.startswith(">=")]
    if not bounds:
        return not set(tags).isdisjoint(parts)
    version = next((numbers for part in parts if (numbers := version_of(part))), ())
    for bound in map(version_of, bounds):
        common = min(len(version), len(bound))
        # `2` is the newest of 2: of 2.3 it is not known whether it is that.
        if version[:common] == bound[:common] and len(version) < len(bound):
            return None
        if version < bound:
            return False
    return True


def version_of(part: str) -> tuple[int, ...]:
    """The numbers of a version (`v1.31.0`); empty for what is none."""
    numbers = part.removeprefix("v").split(".")
    plain = all(number.isascii() and number.isdigit() and len(number) < 10 for number in numbers)
    return tuple(map(int, numbers)) if plain else ()


def split_reference(reference: str) -> tuple[str, str]:
    """Repository and tag; a port of the registry is no tag."""
    head, slash, tail = reference.partition("@")[0].rpartition("/")
    name, _, tag = tail.partition(":")
    return head + slash + name, tag


def owner_of(reference: str) -> str:
    """The part of a repository before its last: who publishes it; "" for one of Docker's official images."""
    return split_reference(reference)[0].rpartition("/")[0].rpartition("/")[2]


def _names(repository: str, known: str) -> bool:
    """Whether a repository is a known one, seen through any registry."""
    if "/" not in known:
        # Docker's official images; elsewhere `library/` is what tells a mirror of them from other images.
        return repository in (known, "docker.io/" + known) or ("/" + repository).endswith("/library/" + known)
    host, _, rest = repository.partition("/")
    if repository == known or (_is_host(host) and rest == known):
        return True
    # A mirror may keep each registry below a path of its own.
    return _is_host(host) and rest.endswith("/" + known)


def _is_host(part: str) -> bool:
    """Whether the first part of a repository names a registry (distribution/reference)."""
    return "." in part or ":" in part or part == "localhost"
