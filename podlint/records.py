"""Data classes that cost next to nothing to define, under the names and with the meaning of `dataclasses`.

`dataclasses` compiles half a dozen functions for each class and imports `inspect`: for a model of some
eighty classes that takes as long as all else that podlint does to check one small file. Here a class gets
its functions when they are first called, and most never are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, dataclass_transform

_Record = TypeVar("_Record")
_Class = TypeVar("_Class", bound=type)
_Compiler = Callable[[Any], Callable[..., Any]]
_MISSING: Any = object()


class FrozenInstanceError(AttributeError):
    """An attribute of a frozen data class was set or deleted."""


class Field:
    """What is known about one field; see `field`."""

    __slots__ = ("compare", "default", "default_factory", "name", "repr")

    def __init__(self, default: Any, default_factory: Any, repr: bool, compare: bool) -> None:
        self.name = ""
        self.default = default
        self.default_factory = default_factory
        self.repr = repr
        self.compare = compare


def field(
    *, default: Any = _MISSING, default_factory: Any = _MISSING, repr: bool = True, compare: bool = True
) -> Any:
    """A field whose default is made anew for each instance, or one that is not shown or not compared."""
    return Field(default, default_factory, repr, compare)


@dataclass_transform(field_specifiers=(field,))
def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[_Class], _Class]:
    """A decorator that makes a data class; see `dataclasses.dataclass`. `__post_init__` is not called."""

    def decorate(cls: _Class) -> _Class:
        declared: dict[str, Any] = vars(cls).get("__annotations__", {})
        found = _find_fields(cls, declared)
        space: dict[str, Any] = {
            "__init__": _late("__init__", _compile_init),
            "__repr__": _represent,
            "__reduce__": _reduce,
        }
        if eq:
            space["__eq__"] = _late("__eq__", _compile_eq)
            space["__hash__"] = _late("__hash__", _compile_hash) if frozen else None
        if frozen:
            space["__setattr__"] = space["__delattr__"] = _refuse
        # What the class itself defines wins over what is made for it.
        space.update((name, value) for name, value in vars(cls).items() if name not in found)
        for name in ("__dict__", "__weakref__"):
            space.pop(name, None)
        space["__record_fields__"] = tuple(found.values())
        space["__match_args__"] = tuple(found)
        if slots:
            space["__slots__"] = tuple(name for name in declared if name in found)
        made: _Class = type(cls)(cls.__name__, cls.__bases__, space)
        return made

    return decorate


def fields(record: Any) -> tuple[Field, ...]:
    """The fields of a data class, or of an instance of one, in the order of their definition."""
    found: tuple[Field, ...] = record.__record_fields__
    return found


def is_dataclass(value: object) -> bool:
    """Whether something is a data class or an instance of one."""
    return hasattr(value, "__record_fields__")


def replace(record: _Record, /, **changes: Any) -> _Record:
    """A copy of a record with some fields changed."""
    for one in fields(record):
        changes.setdefault(one.name, getattr(record, one.name))
    return record.__class__(**changes)


def _find_fields(cls: type, declared: dict[str, Any]) -> dict[str, Field]:
    """The fields of a class, those of its bases first."""
    found: dict[str, Field] = {}
    for base in reversed(cls.__mro__[1:]):
        found.update((one.name, one) for one in base.__dict__.get("__record_fields__", ()))
    for name, annotation in declared.items():
        if "ClassVar" not in str(annotation):
            default = cls.__dict__.get(name, _MISSING)
            one = default if isinstance(default, Field) else Field(default, _MISSING, True, True)
            one.name = name
            found[name] = one
    return found


def _late(name: str, compile_: _Compiler) -> Callable[..., Any]:
    """A method that is compiled when it is first called, for the class that defines it."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        owner = next(cls for cls in type(self).__mro__ if cls.__dict__.get(name) is method)
        compiled = compile_(owner)
        setattr(owner, name, compiled)
        return compiled(self, *args, **kwargs)

    return method


def _compile_init(owner: Any) -> Callable[..., Any]:
    names: dict[str, Any] = {"MISSING": _MISSING, "set_any": object.__setattr__}
    parameters, lines = [], []
    for one in fields(owner):
        name, value = one.name, one.name
        if one.default_factory is not _MISSING:
            names[f"make_{name}"] = one.default_factory
            parameters.append(f"{name}=MISSING")
            value = f"make_{name}() if {name} is MISSING else {name}"
        elif one.default is not _MISSING:
            names[f"default_{name}"] = one.default
            parameters.append(f"{name}=default_{name}")
        else:
            parameters.append(name)
        slot: Any = getattr(owner, name, None)
        if hasattr(slot, "__set__"):
            # The slot's own setter is quicker than `object.__setattr__`, which would look for it.
            names[f"set_{name}"] = slot.__set__
            lines.append(f"set_{name}(self, {value})")
        else:
            lines.append(f"set_any(self, '{name}', {value})")
    return _compile("__init__", ", ".join(["self", *parameters]), lines or ["pass"], names)


def _compile_eq(owner: Any) -> Callable[..., Any]:
    mine, other = (_compared(owner, whose) for whose in ("self", "other"))
    lines = ["if other.__class__ is not self.__class__: return NotImplemented", f"return {mine} == {other}"]
    return _compile("__eq__", "self, other", lines, {})


def _compile_hash(owner: Any) -> Callable[..., Any]:
    return _compile("__hash__", "self", [f"return hash({_compared(owner, 'self')})"], {})


def _compared(owner: Any, whose: str) -> str:
    """The source of a tuple of the fields that count for equality."""
    return "(" + "".join(f"{whose}.{one.name}, " for one in fields(owner) if one.compare) + ")"


def _compile(name: str, parameters: str, lines: list[str], names: dict[str, Any]) -> Callable[..., Any]:
    body = "\n ".join(lines)
    exec(f"def {name}({parameters}):\n {body}", names)
    compiled: Callable[..., Any] = names[name]
    return compiled


def _represent(self: Any) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({shown})"


def _reduce(self: Any) -> tuple[Any, ...]:
    """For copies and pickles: frozen slots cannot be set from outside."""
    return type(self), tuple(getattr(self, one.name) for one in fields(self))


def _refuse(self: Any, name: str, value: object = None) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")
