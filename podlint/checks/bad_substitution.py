"""bad-substitution: an expansion that names no parameter, at which each shell ends."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import shortened
from podlint.checks._scripts import ShellScript, shell_scripts
from podlint.shell.dialects import bad_substitution, is_bad_everywhere, own_parts, own_words
from podlint.shell.syntax import Parameter
from podlint.vocabulary import ContainerView, Note, PodView, Problem, late, rule

MAX_NOTES = 4
_UNKNOWN = late("\ue000")
_MEANT = late(r"\$\{(?:\$\{?|[ \t]+|['\"])?([A-Za-z_]\w*+)\}?[ \t'\"]*\}")
"""What was probably meant: `${$NAME}`, `${ NAME }`, `${"NAME"}`."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each script once, at the first of its expansions that is run."""
    for container in pod.containers:
        for script in shell_scripts(container):
            found = sorted(_found(script), key=lambda one: (not one[3], one[0]))
            if found:
                yield _problem(script, found, container)


def _found(script: ShellScript) -> Iterator[tuple[int, int, str, bool]]:
    """Where expansions stand that each shell refuses, with what is written there and whether it is certain
    that one of them is run."""
    value = script.text.value
    if "{{" in value:
        return
    for command in script.commands:
        for word in own_words(command.command):
            for part, certain in own_parts(word):
                written = value[part.start : part.end]
                if not isinstance(part, Parameter) or not written.startswith("${"):
                    continue
                if is_bad_everywhere(written) and not _UNKNOWN.search(written):
                    proven = bad_substitution(written, "bash") is True
                    yield part.start, part.end, written, command.certain and certain and proven


def _problem(
    script: ShellScript, found: list[tuple[int, int, str, bool]], container: ContainerView
) -> Problem:
    (start, end, written, certain), *others = found
    places = {(start, end), *((one[0], one[1]) for one in others)} - {(start, end)}
    meant = _MEANT.fullmatch(written)
    return Problem(
        f'the script of {script.title} expands "{shortened(written)}", which names no variable',
        Note(script.text.span(start, end), "a bad substitution"),
        outcome='the shell that comes here ends at once: "bad substitution"',
        notes=tuple(Note(script.text.span(*place), "and here") for place in sorted(places)[:MAX_NOTES]),
        help=f'write "${{{meant[1]}}}"' if meant else 'write "${NAME}"; a name has letters, digits and "_"',
        container=container,
        certain=certain,
        causes=((container, script.text.span(start, end)),),
    )
