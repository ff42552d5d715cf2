"""What following a document costs is counted: it grows no faster than the document, and has an end."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from podlint.budget import DOCUMENT, PER_CHARACTER, PROCESS, Budget
from podlint.engine.context import Context
from podlint.engine.reading import read_documents
from podlint.shell.globs import matched_lengths, units_of
from podlint.source.span import Source
from podlint.storage.view import PodView

TOO_MUCH = "too much to follow"
UNBOUNDED = 10**12


def _pod(*scripts: str) -> str:
    containers = [
        {"name": f"c{index}", "image": "busybox", "command": ["sh", "-c", script]}
        for index, script in enumerate(scripts)
    ]
    return json.dumps({"kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": containers}})


def _viewed(manifest: str, budget: Budget | None = None) -> tuple[PodView, Budget]:
    """The view of the only pod of a manifest, and the budget on which it drew."""
    (reading,) = read_documents(Source("p.yaml", manifest), Context())
    (pod,) = reading.pods
    budget = budget or reading.budget
    return PodView(pod, Context().config_maps, budget=budget), budget


def _reasons(view: PodView, container: int = 0) -> list[str]:
    return [doubt.reason for doubt in view.containers[container].main.doubts]


def _calling(levels: int, times: int, last: str) -> str:
    """Functions that each call the next one several times."""
    calls = "".join(f"f{n}() {{ {f'f{n + 1}; ' * times}}}\n" for n in range(levels))
    return calls + f"f{levels}() {{ {last}; }}\n"


LOOPS = "".join(f"for i{n} in 1 2 3 4 5 6 7 8 9; do " for n in range(6)) + ":" + "; done" * 6

GROWING: dict[str, tuple[Callable[[int], str], int]] = {
    "functions that call each other": (lambda n: _pod(_calling(n, 3, ":") + "f0"), 11),
    "functions that print": (lambda n: _pod(_calling(n, 2, "echo hi") + "x=$(f0); echo $x > /a/$x"), 11),
    "functions whose failure is handled": (
        lambda n: _pod(_calling(n, 3, "cp a b") + "f0 || true; while true; do f0; done"), 11,
    ),
    "functions among many variables": (
        lambda n: _pod("".join(f"v{i}=x\nf{i}() {{ echo $v{i}; }}\n" for i in range(n)) + "f0\n" * n), 200,
    ),
    "replacing by a glob": (lambda n: _pod(f"v={'a' * 100}\n" + f"x=${{v//{'*a' * 50}b/c}}\n" * n), 20),
    "trimming by a glob": (lambda n: _pod(f"v={'a' * 100}\n" + f"x=${{v%{'*a' * 50}b}}\n" * n), 50),
    "a case with many arms": (
        lambda n: _pod(f"case {'a' * 100} in " + f"{'*a' * 40}b) : ;; " * n + "esac"), 100,
    ),
    "a long script": (lambda n: _pod('cp "$a" /data/b && echo done >> /data/log\n' * n), 25),
    "many containers": (lambda n: _pod(*["for i in 1 2 3; do echo $i > /data/$i; done"] * n), 20),
}  # fmt: skip


@pytest.mark.parametrize("kind", GROWING)
def test_the_count_grows_no_faster_than_the_document(kind: str) -> None:
    make, size = GROWING[kind]
    (_, small), (_, large) = _viewed(make(size)), _viewed(make(2 * size))
    assert small.spent > 0
    assert large.spent < 2.5 * small.spent
    assert not large.is_spent


def test_a_process_that_costs_too_much_is_given_up_and_said_so() -> None:
    view, budget = _viewed(_pod("echo first > /data/a\n" + LOOPS + "\necho last > /data/z", "echo > /data/b"))
    assert TOO_MUCH in _reasons(view)
    assert [str(effect.path) for effect in view.containers[0].main.effects] == ["/data/a"]
    assert PROCESS < budget.spent < 1.5 * PROCESS
    # The process beside it has a share of its own.
    assert view.containers[1].main.understood


def test_a_document_that_costs_too_much_is_given_up_whatever_it_repeats() -> None:
    """YAML's aliases repeat a container for the price of a line."""
    aliases = "&c {name: a, image: busybox, command: [sh, -c, '" + LOOPS + "']}, " + "*c, " * 30
    manifest = "kind: Pod\nmetadata: {name: p}\nspec: {containers: [" + aliases + "]}\n"
    view, budget = _viewed(manifest)
    assert len(view.containers) == 31
    assert budget.is_spent
    assert all(TOO_MUCH in _reasons(view, index) for index in range(31))
    # What comes after the end costs next to nothing.
    assert budget.spent < 1.3 * (DOCUMENT + PER_CHARACTER * len(manifest))


def test_a_budget_that_ends_with_the_last_command_is_noticed() -> None:
    script = _pod(f"v={'a' * 100}\necho > /data/${{v%{'*a' * 50}b}}")
    _, budget = _viewed(script)
    view, _ = _viewed(script, Budget(budget.spent - 1))
    assert _reasons(view) == [TOO_MUCH]
    view, _ = _viewed(script, Budget(budget.spent))
    assert _reasons(view) == []


def test_the_same_document_costs_the_same_again() -> None:
    """Trees of scripts are remembered, but not for free."""
    manifest = _pod("cp a b; echo $(cat x) > /data/f\n" * 50)
    assert _viewed(manifest)[1].spent == _viewed(manifest)[1].spent
    comments = _pod("# nothing\n" * 500)
    assert [_viewed(comments)[1].spent > len(comments) for _ in range(2)] == [True, True]


def test_nothing_is_compared_for_more_than_there_is() -> None:
    units = units_of([("*a" * 100, True)])
    assert matched_lengths(units, "a" * 200, Budget(UNBOUNDED)) == [*range(100, 201)]
    assert matched_lengths(units, "a" * 200, Budget(100)) is None


def test_a_part_draws_on_what_is_around_it() -> None:
    whole = Budget(10)
    first, second = whole.part(8), whole.part(8)
    assert first.spend(8) and not first.is_spent
    assert not second.spend(4) and second.is_spent and whole.is_spent
    assert first.is_spent and not first.spend(1)


def test_a_part_that_is_spent_leaves_what_is_around_it() -> None:
    whole = Budget(10)
    assert not whole.part(2).spend(3)
    assert not whole.is_spent and whole.spend(7) and not whole.spend(1)
