"""Running tree-sitter-bash over a script, at a cost that is counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from podlint.shell.limits import Limits

if TYPE_CHECKING:
    from tree_sitter import Language, Tree

READ = 512
"""Bytes that the parser is handed at a time; few, as what it does inside one piece is not counted."""


@lru_cache(maxsize=1)
def _language() -> Language:
    import tree_sitter

    return tree_sitter.Language(_load_language())


def _load_language() -> object:
    """The grammar itself. Its package also reads query files, for which it imports importlib.resources: as
    long as a bare interpreter takes to start."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    package = PathFinder.find_spec("tree_sitter_bash")
    spec = package and PathFinder.find_spec("tree_sitter_bash._binding", package.submodule_search_locations)
    if spec is None or spec.loader is None:
        import tree_sitter_bash

        return tree_sitter_bash.language()
    binding = module_from_spec(spec)
    spec.loader.exec_module(binding)
    return binding.language()


def tree_of(encoded: bytes, limits: Limits) -> Tree:
    """tree-sitter's tree. Where it recovers from errors its time may grow with the square of the length, so
    that the text is handed over in pieces, which are counted.

    Raises TooComplexError."""
    import tree_sitter

    limits.check_nesting(encoded)
    # While a parser asks for text other threads run: each parse has a parser of its own, or the process dies.
    parser = tree_sitter.Parser(_language())
    if len(encoded) <= READ:
        return parser.parse(encoded)
    # The binding never lets go of what it is handed (py-tree-sitter 0.25 and 0.26): so it is handed the same
    # object again and again, which holds nothing in the end.
    piece = bytearray()

    def read(offset: int, _point: object) -> bytearray:
        piece[:] = encoded[offset : offset + READ] if limits.may_read() else b""
        return piece

    tree = parser.parse(cast("Callable[[int, object], bytes]", read))
    piece.clear()
    limits.check_reads()
    return tree
