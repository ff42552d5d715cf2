"""Records behave as data classes do: the same class is made by both and must answer alike."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint import records


def make(module: Any) -> tuple[Any, Any, Any]:
    """A frozen class with slots, one that inherits from it, and one that can be changed."""

    @module.dataclass(frozen=True, slots=True)
    class Point:
        kind: ClassVar[str] = "point"
        x: int
        y: int = 0
        seen: list[int] = module.field(default_factory=list, repr=False, compare=False)

        @property
        def sum(self) -> int:
            return self.x + self.y

    @module.dataclass(frozen=True, slots=True)
    class Named(Point):
        name: str = ""

    @module.dataclass()
    class Loose:
        x: int = 1
        y: list[int] = module.field(default_factory=list)

    return Point, Named, Loose


RECORDS, REFERENCE = make(records), make(dataclasses)
Answer = tuple[str, object]


def answer(question: Callable[[], object]) -> Answer:
    """What a question gives, or the kind of error that it raises."""
    try:
        return "gives", question()
    except (TypeError, AttributeError) as error:
        return "raises", "AttributeError" if isinstance(error, AttributeError) else "TypeError"


@given(st.integers(), st.integers())
def test_points_answer_as_data_classes_do(x: int, y: int) -> None:
    def ask(point: Any, named: Any, loose: Any) -> list[Answer]:
        one = point(x, y)
        return [
            answer(question)
            for question in (
                lambda: repr(one).rpartition(".")[2],
                lambda: one == point(x, y),
                lambda: one == point(y, x),
                lambda: one == (x, y),
                lambda: one == named(x, y),
                lambda: hash(one) == hash(point(x, y, [1])),
                lambda: one.sum,
                lambda: (point(x).y, point(x).seen, point.kind),
                lambda: point(x).seen is point(x).seen,
                point,
                lambda: point(1, 2, [], 4),
                lambda: point(1, z=2),
                lambda: setattr(one, "x", 3),
                lambda: delattr(one, "x"),
                lambda: hasattr(one, "__dict__"),
                lambda: point.__match_args__,
                lambda: repr(named(x, y, name="n")).rpartition(".")[2],
                lambda: named(x, y, [], "n") == named(x, y, name="n"),
                lambda: isinstance(named(1), point),
                lambda: hash(loose()),
                lambda: (loose() == loose(1, []), loose().y is loose().y, repr(loose(2)).rpartition(".")[2]),
                lambda: vars(loose(x)),
            )
        ]

    assert ask(*RECORDS) == ask(*REFERENCE)


def test_fields_and_replace_are_those_of_data_classes() -> None:
    for (point, _, _), module in ((RECORDS, records), (REFERENCE, dataclasses)):
        assert [one.name for one in module.fields(point)] == ["x", "y", "seen"]
        assert module.is_dataclass(point) and module.is_dataclass(point(1)) and not module.is_dataclass(1)
        assert module.replace(point(1, 2), y=5) == point(1, 5)


def test_a_method_of_the_class_wins_over_one_made_for_it() -> None:
    @records.dataclass(frozen=True)
    class Loud:
        x: int

        def __repr__(self) -> str:
            return f"LOUD {self.x}"

    assert repr(Loud(3)) == "LOUD 3"


@records.dataclass(frozen=True, slots=True)
class Box:
    """On module level, where pickle can find it."""

    content: object


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda box: pickle.loads(pickle.dumps(box))])
def test_copies_and_pickles_are_equal(again: Callable[[Box], Box]) -> None:
    box = Box((1, Box("inner")))
    assert again(box) == box
