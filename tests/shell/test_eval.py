"""`eval` of text that is known in part: the name of a variable may be open, anything else may be anything."""

from __future__ import annotations

import pytest

from tests.shell.running import process_of_script

FOLLOWED = {
    "a name in an assignment": 'eval x="\\$ID_${i}"',
    # The kubelet makes one dollar of two.
    "a name and nothing else": "eval x=\\$$$i",
    "a name in braces": "eval x=\\${ID_$i}",
    "a name in quotes": 'eval "x=\\"\\$ID_$i\\""',
    "a name that is printed": "x=$(eval echo \\$ID_$i)",
    "a name in the middle": 'eval "x=\\${A_${i}_B}"',
}


@pytest.mark.parametrize("line", FOLLOWED.values(), ids=FOLLOWED)
def test_a_name_that_is_put_together(line: str) -> None:
    process = process_of_script(f"set -u; i=$(hostname); {line}; echo > /data/$x")
    assert process.doubts == ()
    (effect,) = process.effects
    assert (effect.path.prefix, effect.path.literal, effect.certain) == ("/data/", None, True)


OPEN = {
    "a command": 'eval "$i"',
    "an argument": 'eval "echo $i"',
    "the name that is set": "eval $i=x",
    "a default": "eval x=\\${ID_$i:-y}",
    "a parameter and more": "eval x=\\$1$i",
}


@pytest.mark.parametrize("line", OPEN.values(), ids=OPEN)
def test_anything_else_is_not_understood(line: str) -> None:
    process = process_of_script(f"i=$(hostname); {line}")
    assert [doubt.reason for doubt in process.doubts] == ["evaluates text that is not known"]
