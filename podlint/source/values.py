"""Values: what a scalar means to kubectl, whose reader (`sigs.k8s.io/yaml`, goyaml.v2) resolves YAML 1.1."""

from __future__ import annotations

from podlint.regex import late
from podlint.source.nodes import PLAIN, ScalarNode, YamlNode

_LONG = "tag:yaml.org,2002:"
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {
    spelling: truth
    for truth, words in ((True, "y yes true on"), (False, "n no false off"))
    for word in words.split()
    for spelling in (word, word.capitalize(), word.upper())
}
_INT = late(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))")
_FLOAT = late(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
# More than a 64-bit field can hold in any base; Python converts very long digits in quadratic time.
_MAX_DIGITS = 70


def is_null(node: YamlNode | None) -> bool:
    """Whether a node says null: an empty value, `~` or `null`, unquoted. So is an absent node."""
    return node is None or (
        isinstance(node, ScalarNode) and _resolves_to(node, "null") and node.value in _NULLS
    )


def as_bool(node: YamlNode | None) -> bool | None:
    """The truth value of a node, None if it is not a boolean. `yes`, `on`, `y` and their opposites are."""
    if isinstance(node, ScalarNode) and _resolves_to(node, "bool"):
        return _BOOLS.get(node.value)
    return None


def as_int(node: YamlNode | None) -> int | None:
    """The integer that a node stands for, None if it is none.

    `0755` and `0o755` are octal (493), `0x1F` hexadecimal, `0b11` binary; underscores are dropped. A number
    with a fraction of nothing is an integer (`8080.0`, and `08`, which is no octal number), as it becomes
    one in JSON.
    """
    if not isinstance(node, ScalarNode) or len(node.value) > _MAX_DIGITS:
        return None
    if not _resolves_to(node, "int") and not _resolves_to(node, "float"):
        return None
    digits = node.value.replace("_", "")
    if node.value[:1] == "_":
        return None
    found = _INT.fullmatch(digits)
    if found:
        sign, hexadecimal, octal, binary, decimal = found.groups()
        for part, base in ((hexadecimal, 16), (octal, 8), (binary, 2), (decimal, 10)):
            if part is not None:
                number = int(part, base)
                return -number if sign == "-" else number
    if _FLOAT.fullmatch(digits):
        fraction = float(digits)
        # JSON writes greater numbers with an exponent, which no integer field accepts.
        return int(fraction) if abs(fraction) < 1e21 and fraction.is_integer() else None
    return None


def _resolves_to(node: ScalarNode, kind: str) -> bool:
    """Whether a node may have that type: by its tag, or, without one, by standing there unquoted."""
    return node.style == PLAIN if node.tag is None else node.tag == _LONG + kind
