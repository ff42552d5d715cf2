"""Facts about well-known images, read off their Dockerfiles; a rule may lean on them as on the manifest."""

from __future__ import annotations

from msgspec import Struct


class Image(Struct, frozen=True):
    """An image. `program` is the base name of what its default command runs ("" where that is a shell that
    ends).

    `plain`: it has no entrypoint, so `args` alone are a command line of their own. `directory` is its
    working directory ("" where not known). `logs` are files that the program keeps open and appends to when
    it runs by default; `shell` is what `sh` is there.
    """

    program: str = ""
    plain: bool = False
    directory: str = ""
    logs: tuple[str, ...] = ()
    shell: str = ""
    directories: frozenset[str] = frozenset()
    """All its directories that a script is likely to name; empty where they are not known."""


# docker-library/busybox, glibc: there is no /var/log, no /run and no /opt.
_BUSYBOX = frozenset(
    {"/", "/bin", "/dev", "/dev/shm", "/dev/pts", "/etc", "/home", "/lib", "/lib64", "/proc",
     "/root", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/sbin", "/var", "/var/spool", "/var/spool/mail",
     "/var/www"}
)  # fmt: skip

_IMAGES = {
    "busybox": Image(plain=True, directory="/", shell="ash", directories=_BUSYBOX),
    "alpine": Image(plain=True, directory="/", shell="ash"),
    "debian": Image(plain=True, directory="/", shell="dash"),
    "ubuntu": Image(plain=True, directory="/", shell="dash"),
    # docker-nginx, mainline/debian: both logs are links to stdout and stderr until a volume covers their
    # directory.
    "nginx": Image(
        "nginx", directory="/", logs=("/var/log/nginx/access.log", "/var/log/nginx/error.log"), shell="dash"
    ),
}

_OFFICIAL = (
    "",
    "library/",
    "docker.io/",
    "docker.io/library/",
    "index.docker.io/library/",
    "mirror.gcr.io/library/",
)


def image_of(reference: str) -> Image | None:
    """The facts about an official image by its reference, whatever its tag or digest; None where there are
    none."""
    repository = reference.partition("@")[0]
    head, slash, tail = repository.rpartition("/")
    name = tail.partition(":")[0]
    return _IMAGES.get(name) if head + slash in _OFFICIAL else None
