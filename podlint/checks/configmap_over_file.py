"""configmap-over-file: a ConfigMap is mounted as a directory where one of its files was meant to be."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.manifest.model import Mount, Volume
from podlint.regex import late
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_KINDS = ("configMap", "secret", "projected", "downwardAPI")
_FILE = late(
    r"^[^.].*\.(?:conf|cfg|cnf|ini|json|ya?ml|toml|xml|properties|env|txt|sh|bash|py|js|ts|rb|pl|php|lua|sql|"
    r"crt|cer|pem|key|jks|p12|html?|css|tpl|tmpl|template|rules|vcl|hcl)$"
)
"""Names that files have and directories hardly ever do (`conf.d` and `app-1.2` are none)."""
_NODE_FILES = frozenset({"/etc/hosts", "/etc/resolv.conf", "/etc/hostname"})
"""Files that every container gets; a mount of yours takes their place."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report mounts without subPath on the path of a file."""
    for container in pod.containers:
        for mount in container.spec.mounts:
            volume = pod.spec.volume(mount.volume)
            if volume is not None and volume.kind in _KINDS and mount.sub_path == "" and not mount.references:
                certain = _replaces_file(mount, volume, container)
                if certain is not None:
                    yield _finding(mount, volume, container, certain=certain)


def _replaces_file(mount: Mount, volume: Volume, container: ContainerView) -> bool | None:
    """True over a file of the image, False where only the name tells; None where a directory is meant."""
    if mount.path in _NODE_FILES:
        return False
    image = container.image
    if image is not None and mount.path in image.configuration:
        return image.is_certain("configuration")
    name = mount.path.rpartition("/")[2]
    names = container.files.names_in(volume)
    looks_like_file = bool(_FILE.match(name)) or (volume.names is None and name in (names or ()))
    if not looks_like_file or (name in (volume.names or ())):
        return None
    return None if _is_used_as_directory(mount, container) else False


def _is_used_as_directory(mount: Mount, one: ContainerView) -> bool:
    """Whether the container names something inside, or mounts something there."""
    inside = mount.path + "/"
    container = one.spec
    texts = [argument.text.value for argument in container.argv]
    texts += [argument.text.value for command in container.execs for argument in command.argv]
    texts += [env.value.value for env in container.env if env.value is not None]
    return any(inside in text for text in texts) or any(
        other.path.startswith(inside) for other in container.mounts
    )


def _finding(mount: Mount, volume: Volume, container: ContainerView, *, certain: bool) -> Problem:
    what = (
        f'"{container.name}" cannot start: "{mount.path}" is a file there, and volume "{volume.name}" is mounted '
        "as a directory"
        if certain
        else f'"{mount.path}" becomes a directory in "{container.name}": without subPath all of volume '
        f'"{volume.name}" is mounted there'
    )
    return Problem(
        certain=certain,
        message=what,
        at=Note(
            mount.span,
            'fails with "not a directory"' if certain else "the path of a file",
        ),
        notes=(Note(volume.span, f"a {volume.kind} volume is a directory of its keys"),),
        help=_advice(mount, volume, container),
        container=container,
    )


def _advice(mount: Mount, volume: Volume, container: ContainerView) -> str:
    """The key that was meant, as far as that can be told."""
    name = mount.path.rpartition("/")[2]
    names = container.files.names_in(volume)
    key = name if names is None or name in names else next(iter(names)) if len(names) == 1 else ""
    if key:
        return f"add subPath: {key} to mount this one key (it has to exist in the {volume.kind})"
    return "add a subPath with the key that is meant, or mount the directory"
