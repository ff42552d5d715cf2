"""Which image a reference means, whatever its registry, tag and digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from podlint.knowledge.image import Entry, Image


def find_image(reference: str, entries: Mapping[str, Sequence[Entry]]) -> Image | None:
    """The facts about an image by its reference; None where there are none.

    `entries` are those of each last part of a repository; the first that fits counts. The answer is
    `official` where the repository is that very image, on Docker Hub or on a mirror. An image of the same
    name by somebody else (`mycorp/nginx`) is probably like it; of such a one nothing is certain.
    """
    repository, tag = _split(reference)
    parts = tag.split("-")
    candidates = entries.get(repository.rpartition("/")[2], ())
    for official in (True, False):
        for entry in candidates:
            fits = not entry.tags or not set(entry.tags).isdisjoint(parts)
            if fits and _names(repository, entry.repository) is official:
                image = entry.image if official else replace(entry.image, official=False)
                docker_official = official and "/" not in entry.repository and image.shell == ""
                if (docker_official or image.shell == "dash") and any(
                    part.startswith("alpine") for part in parts
                ):
                    return replace(image, shell="ash")
                return image
    return None


def _split(reference: str) -> tuple[str, str]:
    """Repository and tag; a port of the registry is no tag."""
    head, slash, tail = reference.partition("@")[0].rpartition("/")
    name, _, tag = tail.partition(":")
    return head + slash + name, tag


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
