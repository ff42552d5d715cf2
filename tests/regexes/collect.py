"""All patterns of the package, with how each is used: found in its source, evaluated where they stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_PACKAGE = ROOT / "podlint"
_USES = {
    "match": "match",
    "fullmatch": "fullmatch",
    "search": "search",
    **dict.fromkeys(("finditer", "findall", "sub", "subn", "split"), "scan"),
}
ALL_USES = frozenset(("match", "fullmatch", "scan"))


class Pattern(NamedTuple):
    """A pattern, where it is written, and its uses as `Counted.steps` calls them."""

    place: str
    pattern: str
    flags: int
    uses: frozenset[str]


class Built(NamedTuple):
    """A call that makes a pattern of values that are only known when it runs."""

    place: str
    function: str


def module_names() -> list[str]:
    """The modules of the package that can be imported. Those for Arrow, which is not everywhere, have no
    patterns."""
    paths = sorted(path.relative_to(ROOT).with_suffix("") for path in _PACKAGE.rglob("*.py"))
    names = (".".join(path.parts).removesuffix(".__init__") for path in paths)
    return [name for name in names if name != "podlint.__main__" and not name.startswith("podlint.batch")]


def patterns() -> Iterator[Pattern | Built]:
    """What is handed to `late`, `re.compile` and the functions of `re`, in the order of the files."""
    trees = {name: _parsed(name) for name in module_names()}
    for name, tree in trees.items():
        if name == "podlint.regex":
            continue
        module = import_module(name)
        named = {
            id(statement.value): statement.targets[0].id
            for statement in tree.body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        for function, call in _calls(tree, ""):
            maker = _maker(call)
            if maker is None:
                continue
            place = f"{name}:{named.get(id(call), function or str(call.lineno))}"
            try:
                pattern, flags = _evaluated(call, maker, module)
            except NameError:
                yield Built(place, function)
                continue
            if maker in _USES:
                uses = frozenset((_USES[maker],))
            elif id(call) in named:
                uses = _uses(named[id(call)], name, trees)
            else:
                uses = ALL_USES
            yield Pattern(place, pattern, flags, uses)


def compiled() -> Iterator[tuple[str, str]]:
    """The text of each pattern that modules hold, also in their dicts and tuples, with the module's name."""
    for name in module_names():
        held = [one for key, one in vars(import_module(name)).items() if not key.startswith("__")]
        for one in held:
            if isinstance(one, dict):
                held.extend(one.values())
            elif isinstance(one, (list, tuple, set, frozenset)):
                held.extend(one)
            elif type(one).__name__ == "_Late":
                yield name, vars(one)["_pattern"]
            elif isinstance(one, re.Pattern):
                yield name, one.pattern


def _parsed(name: str) -> ast.Module:
    path = ROOT.joinpath(*name.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def _calls(tree: ast.AST, function: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls below a node, each with the name of the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield function, node
        own = node.name if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else function
        yield from _calls(node, own)


def _maker(call: ast.Call) -> str | None:
    """`late`, or the function of `re` that is called with a pattern."""
    if isinstance(call.func, ast.Name) and call.func.id == "late":
        return "late"
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        name = call.func.attr
        return name if call.func.value.id == "re" and (name in _USES or name == "compile") else None
    return None


def _evaluated(call: ast.Call, maker: str, module: ModuleType) -> tuple[str, int]:
    # Behind `re.sub` stand what to put in and where, and only then the flags.
    flags = [one.value for one in call.keywords if one.arg == "flags"]
    if maker in ("late", "compile"):
        flags += call.args[1:2]

    def value(node: ast.expr) -> object:
        return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))

    pattern = value(call.args[0])
    assert isinstance(pattern, str)
    return pattern, int(value(flags[0])) if flags else 0  # type: ignore[call-overload]


def _uses(name: str, module: str, trees: dict[str, ast.Module]) -> frozenset[str]:
    """How a pattern of a module is used, there and where it is imported; all uses if it is handed on."""
    places = [trees[module], *(tree for tree in trees.values() if _imports(tree, module, name))]
    uses: set[str] = set()
    for tree in places:
        called: set[int] = set()
        for _, call in _calls(tree, ""):
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(owner, ast.Name) and owner.id == name and isinstance(call.func, ast.Attribute):
                called.add(id(owner))
                # Where a position is given, the next may follow; what is matched up to an end is one part.
                positioned = len(call.args) > 1 and call.func.attr in ("match", "search")
                uses.add("scan" if positioned else _USES.get(call.func.attr, "scan"))
        for node in ast.walk(tree):
            loaded = isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
            if loaded and id(node) not in called:
                uses |= ALL_USES
    return frozenset(uses)


def _imports(tree: ast.Module, module: str, name: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == module
        and any(one.name == name and one.asname in (None, name) for one in node.names)
        for node in ast.walk(tree)
    )
