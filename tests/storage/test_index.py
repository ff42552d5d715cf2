"""The index of places finds what going through all of them finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from podlint.shell.patterns import Hole, from_pieces, literal, normalised
from podlint.storage.index import PlaceIndex
from podlint.storage.places import Kind, Place

KNOWN = st.lists(st.sampled_from("abc"), max_size=3).map(lambda parts: literal("/" + "/".join(parts)))
VAGUE = st.tuples(KNOWN, st.booleans(), KNOWN).map(
    lambda parts: normalised(from_pieces((*parts[0].pieces, Hole(slash=parts[1]), *parts[2].pieces)))
)
PLACES = st.builds(
    Place,
    kind=st.sampled_from(Kind),
    identity=st.sampled_from([("emptyDir", "", "one"), ("emptyDir", "", "two")]),
    path=KNOWN | VAGUE,
)


@given(st.lists(PLACES, max_size=8), PLACES)
def test_holding_is_what_may_hold_the_place(places: list[Place], place: Place) -> None:
    index: PlaceIndex[int] = PlaceIndex()
    for number, one in enumerate(places):
        index.add(one, number)
    expected = {number for number, one in enumerate(places) if one.may_hold(place)}
    assert set(index.holding(place)) == expected
    assert index.any_holding(place) == bool(expected)


@given(st.lists(PLACES, max_size=8), PLACES)
def test_at_is_what_may_be_the_place(places: list[Place], place: Place) -> None:
    index: PlaceIndex[int] = PlaceIndex()
    for number, one in enumerate(places):
        index.add(one, number)
    expected = {number for number, one in enumerate(places) if one.may_be(place)}
    assert set(index.at(place)) == expected
    assert index.any_at(place) == bool(expected)
