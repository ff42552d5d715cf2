"""configmap-over-file: a ConfigMap is mounted as a directory where one of its files was meant to be."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.regex import late
from podlint.vocabulary import ContainerView, Mount, Note, PodView, Problem, Volume, rule

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
            volume = pod.volume(mount.volume)
            if volume is not None and volume.shows_keys and mount.sub_path == "" and not mount.references:
                certain = _replaces_file(mount, volume, container)
                if certain is not None:
                    yield _problem(mount, volume, container, certain=certain)


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


def _is_used_as_directory(mount: Mount, container: ContainerView) -> bool:
    """Whether the container names something inside, or mounts something there."""
    spec, inside = container.spec, mount.path + "/"
    texts = [argument.text.value for argument in spec.argv]
    texts += [argument.text.value for command in spec.execs for argument in command.argv]
    texts += [env.value.value for env in spec.env if env.value is not None]
    return any(inside in text for text in texts) or any(
        other.path.startswith(inside) for other in spec.mounts
    )


def _problem(mount: Mount, volume: Volume, container: ContainerView, *, certain: bool) -> Problem:
    what = "is" if certain else "looks like"
    fails = 'the container cannot start: "not a directory"'
    return Problem(
        f'"{container.name}" mounts volume "{volume.name}" at "{mount.path}", which {what} a file',
        Note(mount, "no subPath here"),
        outcome=fails if certain else f'"{mount.path}" becomes a directory, in which each key is a file',
        notes=(Note(volume, f"a {volume.kind} volume is a directory of its keys"),),
        help=_advice(mount, volume, container),
        container=container,
        certain=certain,
    )


def _advice(mount: Mount, volume: Volume, container: ContainerView) -> str:
    """The key that was meant, as far as that is known."""
    name = mount.path.rpartition("/")[2]
    names = container.files.names_in(volume)
    key = name if names is None or name in names else next(iter(names)) if len(names) == 1 else ""
    if key:
        return f"add subPath: {key} to mount this one key (it has to exist in the {volume.kind})"
    return "add a subPath with the key that is meant, or mount the directory"
