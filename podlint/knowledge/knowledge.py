"""All that is known of commands and images, as one value; the data that comes with podlint."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.json import decode

from podlint.knowledge.command import NOTHING_KNOWN, Command
from podlint.knowledge.image import Entry, Image
from podlint.knowledge.references import find_image, owner_of, shell_by_tag

DATA = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data")
"""Where the data lie: tables that people write, and what `dev.py data` makes of them."""


class Commands(Struct, frozen=True):
    """Commands by their base names, and other names of the same programs (`gawk`: `awk`)."""

    rows: dict[str, Command]
    aliases: dict[str, str]


class Toolset(Struct, frozen=True, omit_defaults=True):
    """What images bring along. `programs` are all that there are, or, where that is not known, `lacks` some
    that are not; `instead` says what does the work of one that is missing. `holds` are filters that hold back
    lines, whatever their options."""

    programs: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    instead: dict[str, str] = {}
    holds: frozenset[str] = frozenset()
    links: dict[str, str] = {}
    """Directories that are links to others, by their paths; "" for one that is a directory of its own."""


class DirectoryLink(Struct, frozen=True):
    """That a directory of an image is a link to another one. Both are absolute paths. `certain`: in this
    image, and not only in most."""

    path: str
    target: str
    certain: bool


_USUAL_LINKS = {
    "/var/run": "/run",
    "/var/lock": "/run/lock",
    "/bin": "/usr/bin",
    "/sbin": "/usr/sbin",
    "/lib": "/usr/lib",
}
"""The links that an image has which nothing is known of, or has not."""
_SYSTEMS = {"dash": "debian", "bash": "rhel"}
"""The toolset whose links images have, by what `sh` is there; `ash` is that of Alpine and of busybox."""


class Library(Struct, frozen=True):
    """A script of certain images that other scripts source. `owners` are the last parts but one of their
    repositories (`bitnami` of `docker.io/bitnami/redis`); `script` does what its functions do to files, and
    leaves out those of which that cannot be said."""

    owners: tuple[str, ...]
    script: str


class Knowledge(Struct, frozen=True, eq=False):
    """What a run knows of commands, images and their libraries. `images` are the entries of each last part of
    a repository."""

    commands: Commands
    images: dict[str, tuple[Entry, ...]]
    libraries: dict[str, Library] = {}
    """By the path at which a script sources one."""
    toolsets: dict[str, Toolset] = {}
    """By the names that images give as their `base`."""

    def program(self, name: str) -> str:
        """The name by which podlint calls a program: `egrep` is `grep`."""
        return self.commands.aliases.get(name, name)

    def command(self, name: str) -> Command:
        """What is known of a program by its base name; an empty record where nothing is."""
        rows = self.commands.rows
        return rows.get(name) or rows.get(self.program(name), NOTHING_KNOWN)

    def sub_command(self, name: str, words: Sequence[str]) -> tuple[Command, int]:
        """What is known of a program with the words behind its name (of `git clone` more than of `git`), and
        how many of the words belong to it."""
        command = self.command(name)
        for count in (2, 1) if command.has("sub-commands") else ():
            row = self.commands.rows.get(" ".join((name, *words[:count]))) if len(words) >= count else None
            if row is not None:
                return row, count
        return command, 0

    def image(self, reference: str) -> Image | None:
        """The facts about an image by its reference, whatever its registry and digest; see `find_image`."""
        return _image(self, reference)

    def lacks(self, image: Image, program: str) -> bool:
        """Whether an image has no program of that name where programs are looked for."""
        if program in image.programs or program == image.program:
            return False
        if image.shell == "none" and image.is_certain("shell"):
            # There are no others either of those that systems bring along.
            return not self.is_unheard_of(program)
        base = self.toolsets.get(image.base) if image.is_certain("base") else None
        missing = base is not None and (
            program in base.lacks or (bool(base.programs) and program not in base.programs)
        )
        return missing or (program in image.lacks and image.official and image.certain)

    def links(self, reference: str) -> tuple[DirectoryLink, ...]:
        """The directories of an image that are links to others, or may be."""
        return _links(self, reference)

    def system(self, reference: str) -> str:
        """The toolset that tells how the directories of an image are laid out; "" where none does."""
        image = self.image(reference)
        if image is None or not image.official:
            return ""
        if image.base and image.is_certain("base"):
            return image.base
        shell = image.shell if image.is_certain("shell") else ""
        if shell == "ash":
            return "alpine" if shell_by_tag(reference) == "ash" else ""
        return _SYSTEMS.get(shell, "")

    def holding(self, image: Image) -> frozenset[str]:
        """The filters of an image that hold back lines whatever their options, where that is known."""
        base = self.toolsets.get(image.base)
        return base.holds if base is not None else frozenset()

    def is_unheard_of(self, program: str) -> bool:
        """Whether no row and no set of programs has that name."""
        sets = self.toolsets.values()
        in_none = not any(program in one.programs or program in one.lacks for one in sets)
        return in_none and self.program(program) not in self.commands.rows

    def instead(self, image: Image, program: str) -> str:
        """What of an image does the work of a program that it lacks, or is probably meant; "" where nothing
        is known."""
        from difflib import get_close_matches

        if self.command(program).has("shell"):
            return "sh" if image.shell else ""
        base = self.toolsets.get(image.base, Toolset())
        near = get_close_matches(program[:32], sorted(base.programs), 1, 0.75)
        return base.instead.get(program) or next(iter(near), "")

    def library(self, path: str, reference: str) -> str | None:
        """What the script at an absolute path of an image defines, where that is known."""
        found = self.libraries.get(path)
        return found.script if found is not None and owner_of(reference) in found.owners else None


@lru_cache(maxsize=1024)
def _image(knowledge: Knowledge, reference: str) -> Image | None:
    return find_image(reference, knowledge.images)


@lru_cache(maxsize=1024)
def _links(knowledge: Knowledge, reference: str) -> tuple[DirectoryLink, ...]:
    known = knowledge.toolsets.get(knowledge.system(reference), Toolset()).links
    return tuple(
        DirectoryLink(path, target, path in known)
        for path, usual in _USUAL_LINKS.items()
        if (target := known.get(path, usual))
    )


@cache
def built_in() -> Knowledge:
    """What comes with podlint, read when it is first asked for."""
    with open(os.path.join(DATA, "commands.json"), "rb") as file:
        commands = decode(file.read(), type=Commands)
    with open(os.path.join(DATA, "images.json"), "rb") as file:
        images = decode(file.read(), type=dict[str, tuple[Entry, ...]])
    with open(os.path.join(DATA, "libraries.json"), "rb") as file:
        libraries = decode(file.read(), type=dict[str, Library])
    with open(os.path.join(DATA, "toolsets.json"), "rb") as file:
        toolsets = decode(file.read(), type=dict[str, Toolset])
    return Knowledge(commands, images, libraries, toolsets)
