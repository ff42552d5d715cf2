"""The kubelet's `$(NAME)` algorithm: every fact by name, then against a tiny model of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint.manifest.expansion import Value, expand, leave
from podlint.manifest.references import Argument, ReferenceState
from podlint.source.text import Piece
from tests.manifest.reading import text_of

VALUES = {
    "A": "alpha",
    "B": "$(A)",
    "EMPTY": "",
    "DOLLARS": "$$",
    "with space": "spaced",
    "date": "monday",
    "SIX": "123456",
}


def look_up(name: str) -> Value | ReferenceState:
    if name in VALUES:
        return Value(VALUES[name])
    if name == "SECRET":
        return ReferenceState.UNKNOWN
    if name == "OPEN":
        return ReferenceState.MAYBE
    if name == "URL":
        return Value("http://$(SECRET)/", ((7, 16),))
    return ReferenceState.UNRESOLVED


FACTS = {
    "nothing to do": ("plain", "plain"),
    "known name": ("a $(A) b", "a alpha b"),
    "two in a row": ("$(A)$(A)", "alphaalpha"),
    "empty value": ("[$(EMPTY)]", "[]"),
    "value as long as its reference": ("$(SIX)", "123456"),
    "unknown name stays": ("$(NOBODY)", "$(NOBODY)"),
    "empty name stays": ("$()", "$()"),
    "any characters make a name": ("$(with space)", "spaced"),
    "a variable shadows a command": ("$(date)", "monday"),
    "case counts": ("$(a)", "$(a)"),
    "value is not scanned again": ("$(B)", "$(A)"),
    "dollars in a value are not collapsed": ("$(DOLLARS)", "$$"),
    "two dollars are one": ("$$", "$"),
    "collapsed before a name": ("$$VAR", "$VAR"),
    "collapsed before a digit": ("echo $$1", "echo $1"),
    "collapsed alone": ("echo $$ > pid", "echo $ > pid"),
    "four dollars are two": ("$$$$", "$$"),
    "three dollars": ("$$$", "$$"),
    "escaped reference": ("$$(A)", "$(A)"),
    "escaped dollar, then a reference": ("$$$(A)", "$alpha"),
    "escaped dollar, then an escaped reference": ("$$$$(A)", "$$(A)"),
    "not collapsed in an unknown reference": ("$(echo $$)", "$(echo $$)"),
    "collapsed behind a reference": ("$(A)$$", "alpha$"),
    "backslash does not escape": (r"\$(A)", r"\alpha"),
    "braces are the shell's": ("${A} $A $? $1", "${A} $A $? $1"),
    "trailing dollar": ("cost: 5$", "cost: 5$"),
    "dollar behind a dollar that is not an escape": ("$a$", "$a$"),
    "unterminated": ("$(A", "$(A"),
    "unterminated, then more": ("$(A $$ $(", "$(A $ $("),
    "unterminated behind a reference": ("$(A) $(B", "alpha $(B"),
    "nested stays as a whole": ("$(VAR_A$(VAR_B))", "$(VAR_A$(VAR_B))"),
    "nested in a command stays": ("$(cat /x/$(A))", "$(cat /x/$(A))"),
    "behind a nested one": ("$(cat /x/$(A)) $(A)", "$(cat /x/$(A)) alpha"),
    "arithmetic is an unknown name": ("$((i+1))", "$((i+1))"),
    "in single quotes": ("echo '$(A)'", "echo 'alpha'"),
    "known at analysis time to be unknown": ("x $(SECRET)", "x $(SECRET)"),
    "other scripts than Latin": ("ä$(A)ö$$ü", "äalphaö$ü"),
}


@pytest.mark.parametrize(("written", "expected"), FACTS.values(), ids=FACTS)
def test_expands_as_the_kubelet_does(written: str, expected: str) -> None:
    assert expand(text_of(written), look_up).text.value == expected


def told(argument: Argument) -> list[tuple[str, str, str, str]]:
    """Each reference: name, state, how it is written, what stands there now."""
    return [
        (r.name, r.state.value, r.written.span().raw, argument.text.value[r.start : r.end])
        for r in argument.references
    ]


def test_tells_what_became_of_each_reference() -> None:
    argument = expand(text_of("$(A) $(B) $$ $(NOBODY) $(SECRET) $(OPEN) $(EMPTY)|"), look_up)
    assert argument.text.value == "alpha $(A) $ $(NOBODY) $(SECRET) $(OPEN) |"
    assert told(argument) == [
        ("A", "expanded", "$(A)", "alpha"),
        ("B", "expanded", "$(B)", "$(A)"),
        ("$", "collapsed", "$$", "$"),
        ("NOBODY", "unresolved", "$(NOBODY)", "$(NOBODY)"),
        ("SECRET", "unknown", "$(SECRET)", "$(SECRET)"),
        ("OPEN", "maybe", "$(OPEN)", "$(OPEN)"),
        ("EMPTY", "expanded", "$(EMPTY)", ""),
    ]


def test_marks_what_cannot_be_known() -> None:
    argument = expand(text_of("curl $(URL)$(SECRET) $(OPEN) $(NOBODY)"), look_up)
    assert argument.text.value == "curl http://$(SECRET)/$(SECRET) $(OPEN) $(NOBODY)"
    unknown = [argument.text.value[start:end] for start, end in argument.unknown]
    assert unknown == ["$(SECRET)", "$(SECRET)", "$(OPEN)"]
    assert [start for start, _ in argument.unknown] == [12, 22, 32]


def test_a_replaced_reference_stands_for_its_whole_range() -> None:
    argument = expand(text_of("x=$(SIX) $(A);$$"), look_up)
    assert argument.text.value == "x=123456 alpha;$"
    assert argument.text.span(3, 4).raw == "$(SIX)"
    assert argument.text.span(10, 12).raw == "$(A)"
    assert argument.text.span(1, 3).raw == "=$(SIX)"
    assert argument.text.span(15, 16).raw == "$$"


def test_a_hook_is_left_alone_and_its_references_are_told() -> None:
    argument = leave(text_of("echo $(A) $$ $(date) $(A"))
    assert argument.text.value == "echo $(A) $$ $(date) $(A"
    assert argument.unknown == ()
    assert told(argument) == [("A", "literal", "$(A)", "$(A)"), ("date", "literal", "$(date)", "$(date)")]


def test_an_unchanged_text_is_the_same_text() -> None:
    text = text_of("$(cat x) ${A} $(SECRET)")
    assert expand(text, look_up).text is text


def test_many_unterminated_references_take_linear_time() -> None:
    written = "$(" * 200_000
    assert expand(text_of(written), look_up).text.value == written


class Model:
    """The algorithm once more, as a machine that eats one character after the other."""

    def __init__(self, written: str) -> None:
        self.written, self.at = written, 0
        self.out: list[tuple[str, tuple[int, int]]] = []
        """Each character of the result with the range of the input that it stands for."""

    def run(self) -> list[tuple[str, tuple[int, int]]]:
        while self.at < len(self.written):
            rest = self.written[self.at :]
            if rest.startswith("$$"):
                self.emit("$", 2)
            elif rest.startswith("$(") and ")" in rest:
                name = ""
                while rest[2 + len(name)] != ")":
                    name += rest[2 + len(name)]
                if name in VALUES:
                    self.emit(VALUES[name], len(name) + 3)
                else:
                    self.copy(len(name) + 3)
            elif rest.startswith("$"):
                self.copy(min(2, len(rest)))
            else:
                self.copy(1)
        return self.out

    def emit(self, value: str, size: int) -> None:
        self.out += [(char, (self.at, self.at + size)) for char in value]
        self.at += size

    def copy(self, size: int) -> None:
        for _ in range(size):
            self.out.append((self.written[self.at], (self.at, self.at + 1)))
            self.at += 1


SNIPPETS = st.sampled_from(["$", "$", "(", ")", "A", "SIX", "EMPTY", "$(A)", "$(", "$$", "\\", " ", "é", "{"])
WRITTEN = st.lists(SNIPPETS, max_size=14).map("".join)


@given(WRITTEN)
def test_agrees_with_the_model_and_every_character_knows_its_place(written: str) -> None:
    def known(name: str) -> Value | ReferenceState:
        return Value(VALUES[name]) if name in VALUES else ReferenceState.UNRESOLVED

    text = expand(text_of(written), known).text
    model = Model(written).run()
    assert text.value == "".join(char for char, _ in model)
    for index, (_, (start, end)) in enumerate(model):
        span = text.span(index, index + 1)
        assert (span.start - 6, span.end - 6) == (start, end)


@given(WRITTEN, WRITTEN)
def test_provenance_survives_a_layer_below(before: str, written: str) -> None:
    """The text to expand may itself be derived, as it is from a scalar with escapes."""
    base = text_of(before + written)
    at = len(before)
    layered = base.derive(written, (Piece(len(written), at, at + len(written)),))
    direct = expand(text_of(written), look_up).text
    text = expand(layered, look_up).text
    assert text.value == direct.value
    for index in range(len(text)):
        assert text.span(index, index + 1).start == direct.span(index, index + 1).start + at


@given(WRITTEN)
def test_references_stand_where_they_say(written: str) -> None:
    argument = expand(text_of(written), look_up)
    for reference in argument.references:
        now = argument.text.value[reference.start : reference.end]
        if reference.state is ReferenceState.EXPANDED:
            assert now == VALUES[reference.name]
        elif reference.state is ReferenceState.COLLAPSED:
            assert (reference.written.value, now) == ("$$", "$")
        else:
            assert now == reference.written.value == f"$({reference.name})"
