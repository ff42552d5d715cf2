"""dead-test: a condition whose answer stands before anybody asks."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._dead_tests import dead_tests
from podlint.vocabulary import Note, PodView, Problem, cause_at, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each dead condition once, however many containers run its script."""
    for container in pod.containers:
        for process in container.processes:
            for dead in dead_tests(process):
                yield Problem(
                    f'a test in the script of "{container.name}" {dead.what}',
                    Note(dead.place, dead.label),
                    outcome=dead.outcome,
                    help=dead.help,
                    container=container,
                    certain=dead.certain,
                    minor=dead.minor,
                    causes=((container, dead.name) if dead.name else cause_at(None, dead.place),),
                )
