"""script-syntax: a script that its own shell refuses to read."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import shortened
from podlint.checks._scripts import ShellScript, shell_scripts
from podlint.shell.acceptance import Refusal, refusal
from podlint.vocabulary import Claim, ContainerView, Note, PodView, Problem, late, rule

_PLACEHOLDER = late(r"<[A-Za-z][\w .:/-]*+>|\[\.\.\.\]|<\.\.\.>|\.\.\. ")
"""What stands in a text for people where a value, or a part of the script, is to be put in."""
_QUOTES = {"'": "single quote", '"': "double quote", "`": "backquote"}


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each script once, where no shell that may read it accepts it."""
    for container in pod.containers:
        for script in shell_scripts(container):
            refused = _refused(script)
            if refused is not None:
                yield _problem(script, refused, container)


def _refused(script: ShellScript) -> Refusal | None:
    """Where all shells that may read a script refuse it, and bash too, as what that accepts is written for
    it."""
    value = script.text.value
    if not script.is_whole:
        return None
    first = refusal(value, script.shells[0])
    if first is None or not script.reaches(first.at) or _PLACEHOLDER.search(_line(value, first.at)):
        return None
    others = {*script.shells[1:], "bash"} - {script.shells[0]}
    return first if all(refusal(value, shell) is not None for shell in sorted(others)) else None


def _line(value: str, at: int) -> str:
    end = value.find("\n", at)
    return value[value.rfind("\n", 0, at) + 1 : end if end >= 0 else len(value)]


def _problem(script: ShellScript, refused: Refusal, container: ContainerView) -> Problem:
    text = script.text
    found = shortened(refused.found.strip())
    opened = text.value[refused.opened : refused.opened + 1] if refused.opened >= 0 else ""
    if not found and refused.wanted in _QUOTES:
        what, label = f"a {_QUOTES[refused.wanted]} is not closed", "opened here"
    elif not found and refused.wanted:
        what, label = f'"{refused.wanted}" is missing', f'needs a "{refused.wanted}"'
    elif found:
        what, label = f'unexpected "{found}"', "not expected here"
    else:
        what, label = "the line has no end", "something is missing behind this"
    at_opening = bool(opened) and not found
    start = refused.opened if at_opening else refused.at
    width = max(len(refused.found), 1) if not at_opening else len(_word(text.value, start))
    end = min(start + width, len(text))
    at = text.span(start, end) if end > start else text.span(max(len(text) - 1, 0), len(text))
    also = found and refused.opened >= 0 and refused.wanted
    cause = (container, text.span())
    return Problem(
        f"the script of {script.title} has a syntax error: {what}",
        Note(at, label),
        outcome="the shell ends with a syntax error there, and runs nothing of what follows",
        notes=(Note(text.span(refused.opened, refused.opened + 1), f'needs a "{refused.wanted}"'),)
        if also
        else (),
        help=f"a way to look for it: {_CHECKED.get(script.shells[0], 'sh')} -n",
        container=container,
        certain=script.read.certain,
        causes=(cause,),
        yields_to=(Claim("folded-lines", cause),),
    )


_CHECKED = {"dash": "dash", "ash": "busybox sh", "bash": "bash"}


def _word(value: str, start: int) -> str:
    """The word, or the one character, that opens something."""
    match = _OPENING.match(value, start)
    return match.group() if match else value[start : start + 1]


_OPENING = late(r"[a-z]++|\$\(\(|\$\(|\$\{|\[\[")
