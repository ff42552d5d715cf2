"""Templates that a parser takes for YAML, or nearly: where values stand that are yet to be put in."""

from __future__ import annotations

from podlint.regex import late
from podlint.source.nodes import MappingNode, SequenceNode, YamlNode

# A whole line that envsubst, sed and the like put lines for: ${VOLUMES}, __ENV__, %ARGS%, <labels>.
_LONE = late(r"[ \t]*(?:\$\{\w+\}|\$\w+|__\w+__|%\w+%|<\w+>)[ \t]*\Z")
_MARKED = late(r"@[\w.-]+@|%[\w.-]+%")


def unrendered(root: YamlNode) -> MappingNode | None:
    """The first value of the form `{{ … }}`: YAML reads it as a mapping whose key is a mapping, which no
    manifest has."""
    pending, seen = [root], {id(root)}
    while pending:
        node = pending.pop()
        if isinstance(node, MappingNode):
            if node.pairs and isinstance(node.pairs[0][0], MappingNode) and node.span.raw.startswith("{{"):
                return node
            below = [value for _, value in node.pairs]
        elif isinstance(node, SequenceNode):
            below = node.items
        else:
            continue
        for one in reversed(below):
            if id(one) not in seen:
                seen.add(id(one))
                pending.append(one)
    return None


def placeholder_line(text: str, at: int) -> int | None:
    """The offset of the line with a placeholder that made a parser stop at `at`; None where there is none.

    It is the line itself, or the last one before it that is not blank if it begins at column 0, as no line
    of a script in a manifest does: `name: @NAME@`, or `${ENTRIES}` alone.
    """
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    if _MARKED.match(text, at):
        return start
    if _LONE.match(text[start : end if end >= 0 else len(text)]):
        return start
    before = text[:start].rstrip()
    start = before.rfind("\n") + 1
    return start if before[start : start + 1].strip() and _LONE.match(before[start:]) else None
