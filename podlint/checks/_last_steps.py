"""The last command of an init container, where what it does ends with the container."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._calls import holds
from podlint.vocabulary import Call, Claim, ContainerView, Note, Problem, cause_at, late

_ELSEWHERE = late(
    r"-t|-i|-p|--(?:target|prefix|root|user|installdir|install-dir|installroot|dry-run|download-only)\b.*+"
)
"""Options that say where packages go, or that they go nowhere."""
_MOVED_BY = late(r"PYTHONUSERBASE|VIRTUAL_ENV|PIP_.*+|GEM_HOME|BUNDLE_PATH")
"""Variables that may say so."""
_SYSTEM = ("/usr", "/lib", "/opt", "/root", "/etc", "/var", "/home")


def last_steps(container: ContainerView) -> Iterator[Problem]:
    """The problem with the last command of an init container that installs packages, or sets its shell."""
    last = _last_call(container)
    if last is None:
        return
    if last.command.has("sets-shell"):
        yield Problem(
            f'"{last.name}" is the last command of init container "{container.name}"',
            Note(last, "ends with this shell"),
            outcome="the setting counts for this shell alone, which ends here",
            help="set it in the container that needs it, in front of its program",
            container=container,
            certain=False,
        )
    elif _installs(last) and not _may_install_elsewhere(last, container):
        yield Problem(
            f'init container "{container.name}" installs packages into its own root file system',
            Note(last, "the last command: nobody uses them"),
            outcome=f'they are lost when "{container.name}" ends, and no other container gets them',
            help="install them into a volume (`pip install --target`), or into the other container's image",
            container=container,
            certain=False,
            yields_to=(Claim("user-mismatch", cause_at(container, last)),),
        )


def _last_call(container: ContainerView) -> Call | None:
    """The certain command after which nothing happens but that something is printed."""
    main = container.main
    if main.scripts == 0 or main.doubts:
        return None
    calls = sorted(main.calls, key=lambda call: call.order)
    while calls and calls[-1].command.has("passive"):
        calls.pop()
    last = calls[-1] if calls else None
    if last is None or not last.certain:
        return None
    later = (effect for effect in main.effects if effect.order > last.order and not holds(last, effect))
    return None if any(effect.action.makes for effect in later) else last


def _installs(call: Call) -> bool:
    words = [field.value.literal or "" for field in call.fields[1:]]
    operands = [word for word in words if not word.startswith("-")]
    return call.command.has("system-packages") and operands[:1] in (["install"], ["add"])


def _may_install_elsewhere(call: Call, container: ContainerView) -> bool:
    """Whether options, variables or volumes may let packages outlive the container."""
    words = [field.value.literal for field in call.fields]
    names = {*container.spec.environment.known, *container.main.variables}
    mounts = container.spec.mounts
    return (
        any(word is None or _ELSEWHERE.fullmatch(word) for word in words[1:])
        or words[0] != call.name
        or any(_MOVED_BY.fullmatch(name) for name in names)
        or any(mount.path == one or mount.path.startswith(f"{one}/") for mount in mounts for one in _SYSTEM)
        or any(
            other.command.has("runs-elsewhere") or "venv" in str(other.fields) for other in container.calls
        )
    )
