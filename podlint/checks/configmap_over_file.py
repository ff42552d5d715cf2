"""configmap-over-file: a ConfigMap is mounted as a directory where one of its files was meant to be."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.findings import Finding, Label, Severity
from podlint.images.knowledge import image_of
from podlint.manifest.model import Mount, Volume
from podlint.regex import late
from podlint.storage.view import ContainerView, PodView

RULE = "configmap-over-file"

_KINDS = ("configMap", "secret", "projected", "downwardAPI")
_FILE = late(
    r"^[^.].*\.(?:conf|cfg|cnf|ini|json|ya?ml|toml|xml|properties|env|txt|sh|bash|py|js|ts|rb|pl|php|lua|sql|"
    r"crt|cer|pem|key|jks|p12|html?|css|tpl|tmpl|template|rules|vcl|hcl)$"
)
"""Names that files have and directories hardly ever do (`conf.d` and `app-1.2` are none)."""
_NODE_FILES = frozenset({"/etc/hosts", "/etc/resolv.conf", "/etc/hostname"})
"""Files that every container gets; a mount of yours takes their place."""


def check(view: PodView) -> Iterator[Finding]:
    """Report mounts without subPath on the path of a file."""
    if view.pod.partial:
        return
    for one in view.containers:
        for mount in one.container.mounts:
            volume = view.pod.volume(mount.volume)
            if volume is not None and volume.kind in _KINDS and mount.sub_path == "" and not mount.references:
                severity = _severity(mount, volume, one)
                if severity is not None:
                    yield _finding(mount, volume, severity, one, view)


def _severity(mount: Mount, volume: Volume, one: ContainerView) -> Severity | None:
    """An error over a file of the image, a warning where only the name tells; None where a directory is
    meant."""
    if mount.path in _NODE_FILES:
        return Severity.WARNING
    image = image_of(one.container.image)
    if image is not None and mount.path in image.configuration:
        return Severity.ERROR if image.is_certain("configuration") else Severity.WARNING
    name = mount.path.rpartition("/")[2]
    names = one.files.names_in(volume)
    looks_like_file = bool(_FILE.match(name)) or (volume.names is None and name in (names or ()))
    if not looks_like_file or (name in (volume.names or ())):
        return None
    return None if _is_used_as_directory(mount, one) else Severity.WARNING


def _is_used_as_directory(mount: Mount, one: ContainerView) -> bool:
    """Whether the container names something inside, or mounts something there."""
    inside = mount.path + "/"
    container = one.container
    texts = [argument.text.value for argument in container.argv]
    texts += [argument.text.value for command in container.execs for argument in command.argv]
    texts += [env.value.value for env in container.env if env.value is not None]
    return any(inside in text for text in texts) or any(
        other.path.startswith(inside) for other in container.mounts
    )


def _finding(mount: Mount, volume: Volume, severity: Severity, one: ContainerView, view: PodView) -> Finding:
    what = (
        f'"{one.name}" cannot start: "{mount.path}" is a file there, and volume "{volume.name}" is mounted '
        "as a directory"
        if severity is Severity.ERROR
        else f'"{mount.path}" becomes a directory in "{one.name}": without subPath all of volume '
        f'"{volume.name}" is mounted there'
    )
    return Finding(
        rule=RULE,
        severity=severity,
        message=what,
        primary=Label(
            mount.span.region(),
            'fails with "not a directory"' if severity is Severity.ERROR else "the path of a file",
        ),
        related=(Label(volume.span.region(), f"a {volume.kind} volume is a directory of its keys"),),
        help=_advice(mount, volume, one),
        pod=view.pod.title,
        container=one.name,
    )


def _advice(mount: Mount, volume: Volume, one: ContainerView) -> str:
    """The key that was meant, as far as that can be told."""
    name = mount.path.rpartition("/")[2]
    names = one.files.names_in(volume)
    key = name if names is None or name in names else next(iter(names)) if len(names) == 1 else ""
    if key:
        return f"add subPath: {key} to mount this one key (it has to exist in the {volume.kind})"
    return "add a subPath with the key that is meant, or mount the directory"
