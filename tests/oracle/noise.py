"""Which calls are not a script's doing: what libc and the loader open on their own, and character devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .intents import Intent

_IMAGE_DIRECTORIES = ("/bin/", "/lib/", "/lib64/", "/sbin/", "/usr/", "/proc/", "/sys/")
_READ_BY_LIBRARIES = frozenset(
    "/etc/busybox.conf /etc/gai.conf /etc/group /etc/host.conf /etc/hosts "
    "/etc/ld.so.cache /etc/ld.so.nohwcap "
    "/etc/ld.so.preload /etc/locale.alias /etc/localtime /etc/nsswitch.conf /etc/passwd /etc/protocols "
    "/etc/resolv.conf /etc/services /etc/TZ /etc/inputrc /etc/terminfo /etc/suid-debug".split()
)
_NAME_SERVICE = "/nscd/socket"
_DEVICES = frozenset("full null ptmx random stderr stdin stdout tty urandom zero".split())


def is_noise(intent: Intent) -> bool:
    """Whether an intent says nothing about the script. Only the private root has noise."""
    if intent.volume is not None:
        return False
    path = intent.path
    if path.startswith("/dev/") and (path[5:] in _DEVICES or path.startswith("/dev/fd/")):
        return True
    if path.endswith(_NAME_SERVICE):
        return True
    if intent.operation != "read":
        return False
    return path in _READ_BY_LIBRARIES or path.startswith(_IMAGE_DIRECTORIES)
