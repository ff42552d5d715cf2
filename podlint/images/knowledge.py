"""Facts about well-known images by reference; a rule may lean on certain ones as on the manifest."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from podlint.images.image import Entry, Image, Port

__all__ = ["Image", "Port", "image_of"]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[tuple[str, Entry]]]:
    """The table by the last part of its repositories, made when a reference is first looked up."""
    from podlint.images import servers, sidecars

    table: dict[str, list[tuple[str, Entry]]] = {}
    for entry in (*servers.ENTRIES, *sidecars.ENTRIES):
        for repository in entry.repositories.split():
            table.setdefault(repository.rpartition("/")[2], []).append((repository, entry))
    return table


@lru_cache(maxsize=1024)
def image_of(reference: str) -> Image | None:
    """The facts about an image by its reference, whatever its registry and digest; None where there are none.

    The answer is `official` where the repository is that very image, on Docker Hub or on a mirror. An image
    of the same name by somebody else (`mycorp/nginx`) is probably like it; of such a one nothing is certain.
    """
    repository, tag = _split(reference)
    candidates = _by_name().get(repository.rpartition("/")[2], ())
    for official in (True, False):
        for known, entry in candidates:
            if _names(repository, known) is official and (not entry.tag or entry.tag in _parts(tag)):
                image = entry.image if official else replace(entry.image, official=False)
                if image.shell == "dash" and any(part.startswith("alpine") for part in _parts(tag)):
                    return replace(image, shell="ash")
                return image
    return None


def _split(reference: str) -> tuple[str, str]:
    """Repository and tag; a port of the registry is no tag."""
    head, slash, tail = reference.partition("@")[0].rpartition("/")
    name, _, tag = tail.partition(":")
    return head + slash + name, tag


def _parts(tag: str) -> list[str]:
    return tag.split("-")


def _names(repository: str, known: str) -> bool:
    """Whether a repository is one of the table, seen through any registry."""
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
