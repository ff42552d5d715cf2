"""Merging: what a patch makes of an object, in both forms that kustomize knows."""

from __future__ import annotations

from podlint.render.fields import scalar, word
from podlint.render.tree import Branch, Field, Leaf, Row, Tree, copied, leaf, tree_of
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.scalars import text_of
from podlint.source.values import is_null

# The keys by which lists of core types are merged (x-kubernetes-patch-merge-key of the API's schema); all
# other lists are replaced.
MERGE_KEYS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "ports": ("containerPort", "port"),
    "imagePullSecrets": ("name",),
    "secrets": ("name",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey",),
    "resourceClaims": ("name",),
    "ownerReferences": ("uid",),
}
_ADDED_TO = ("finalizers",)
_PATCH = "$patch"
_END = "-"
MAX_NESTED = 250


def merged(below: Tree | None, patch: YamlNode, field: str = "", *, by_keys: bool = True) -> Tree | None:
    """A tree with a strategic merge patch on it; None where nothing is left. `field` is the key that both
    stand under; `by_keys`: lists are merged by the keys of core types. The tree is changed in place."""
    if is_null(patch):
        return None
    if isinstance(patch, ScalarNode):
        return leaf(patch)
    if isinstance(patch, SequenceNode):
        return _merged_list(below, patch, field, by_keys)
    directive = word(patch, _PATCH)
    if directive == "delete":
        return None
    if directive == "replace" or not isinstance(below, Branch):
        below = Branch(patch.span, {})
    for key, value in patch.entries():
        if key.value.startswith("$"):
            continue
        old = below.fields.get(key.value)
        new = merged(old.value if old else None, value, key.value, by_keys=by_keys)
        if new is None:
            below.fields.pop(key.value, None)
        else:
            kept = old.key if old is not None and new is old.value else leaf(key)
            below.fields[key.value] = Field(kept, new)
    return below


def _merged_list(below: Tree | None, patch: SequenceNode, field: str, by_keys: bool) -> Tree:
    directives = [word(item, _PATCH) for item in patch.items]
    keys = MERGE_KEYS.get(field, ()) if by_keys else ()
    if field in _ADDED_TO and isinstance(below, Row):
        below.items += map(tree_of, patch.items)
        return below
    if "replace" in directives or not keys or not isinstance(below, Row):
        below = Row(patch.span, [])
        if not keys:
            below.items = [tree_of(item) for item in patch.items]
            return below
    first: list[Tree] = []
    for item, directive in zip(patch.items, directives, strict=True):
        if directive == "replace":
            continue
        key = next((key for key in keys if scalar(item, key) is not None), "")
        name = word(item, key)
        old = next((one for one in below.items if key and _word(one, key) == name), None)
        names = dict(old.fields) if isinstance(old, Branch) else {}
        if old is not None:
            below.items = [one for one in below.items if one is not old]
        new = merged(old, item, by_keys=by_keys)
        if new is None:
            continue
        # The patch names the item by its key, and does not change that.
        if isinstance(new, Branch) and new is old and key in names:
            new.fields[key] = names[key]
        first.append(new)
    # kustomize puts what a patch names before the rest.
    below.items = first + below.items
    return below


def _word(tree: Tree, name: str) -> str:
    return tree.word(name) if isinstance(tree, Branch) else ""


def operated(tree: Tree, patch: YamlNode) -> Tree:
    """A tree with the operations of a JSON patch (RFC 6902) done to it, in place. One that is not understood
    is passed over."""
    root = Row(tree.at, [tree])
    for operation in patch.items if isinstance(patch, SequenceNode) else ():
        if isinstance(operation, MappingNode):
            _operate(root, operation)
    return root.items[0]


def _operate(root: Row, operation: MappingNode) -> None:
    kind, pointer = word(operation, "op"), scalar(operation, "path")
    if pointer is None:
        return
    value = operation.get("value")
    if kind in ("add", "replace") and value is not None:
        _put(root, pointer, tree_of(value), insert=kind == "add")
    elif kind == "remove":
        _take(root, pointer)
    elif kind in ("move", "copy") and (source := scalar(operation, "from")) is not None:
        moved = _take(root, source) if kind == "move" else _at(root, _steps(source))
        if moved is not None:
            _put(root, pointer, copied(moved), insert=True)


def _steps(pointer: ScalarNode) -> list[str]:
    """The steps of a JSON pointer (RFC 6901), from a list that holds the object."""
    steps = pointer.value.split("/")[1:]
    return ["0", *(step.replace("~1", "/").replace("~0", "~") for step in steps[:MAX_NESTED])]


def _at(root: Row, steps: list[str]) -> Tree | None:
    found: Tree | None = root
    for step in steps:
        if isinstance(found, Branch):
            found = found.get(step)
        elif isinstance(found, Row):
            index = _index(found, step)
            found = found.items[index] if index is not None else None
        else:
            return None
    return found


def _index(row: Row, step: str) -> int | None:
    """Which item a step means; None where there is none."""
    if step == _END:
        return len(row.items) - 1 if row.items else None
    small = step.isascii() and step.isdigit() and len(step) < 6
    return int(step) if small and int(step) < len(row.items) else None


def _put(root: Row, pointer: ScalarNode, value: Tree, *, insert: bool) -> None:
    *way, last = _steps(pointer)
    holder = _at(root, way) if way else root
    if isinstance(holder, Branch):
        old = holder.fields.get(last)
        holder.fields[last] = Field(old.key if old is not None else _last_of(pointer), value)
    elif isinstance(holder, Row):
        index = _index(holder, last)
        if insert and way:
            holder.items.insert(len(holder.items) if index is None or last == _END else index, value)
        elif index is not None:
            holder.items[index] = value


def _last_of(pointer: ScalarNode) -> Leaf:
    """The last step of a pointer, as it is written there."""
    text = text_of(pointer)
    return Leaf(text.slice(pointer.value.rfind("/") + 1, len(pointer.value)))


def _take(root: Row, pointer: ScalarNode) -> Tree | None:
    *way, last = _steps(pointer)
    holder = _at(root, way) if way else None
    if isinstance(holder, Branch) and last in holder.fields:
        return holder.fields.pop(last).value
    if isinstance(holder, Row) and (index := _index(holder, last)) is not None:
        return holder.items.pop(index)
    return None
