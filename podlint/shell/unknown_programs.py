"""Programs that podlint does not know: what they are probably told to run."""

from __future__ import annotations

from itertools import pairwise

from podlint.regex import late
from podlint.shell.commands.table import SHELLS
from podlint.shell.effects import Field

_ELSEWHERE = frozenset(
    {"docker", "podman", "nerdctl", "crictl", "ctr", "kubectl", "oc", "ssh", "runc", "lxc", "vagrant"}
)
"""Programs that run a command in another container or on another machine."""
_SCRIPT_OPTION = late(r"-[a-z]*c[a-z]*")


def shell_behind(name: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields of the shell in `runner.sh bash -c SCRIPT`, a container's command (not one of a script);
    none where there is no such shell. A program probably runs what it is given like this."""
    if fields[0].word is None and name not in _ELSEWHERE:
        for index, (one, following) in enumerate(pairwise(fields[1:]), 1):
            is_shell = (one.value.literal or "").rpartition("/")[2] in SHELLS
            if is_shell and _SCRIPT_OPTION.fullmatch(following.value.literal or ""):
                return fields[index:]
    return ()
