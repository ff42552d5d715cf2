"""What a run keeps for the next one, and the words for where it cannot."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from podlint.cli.console import complain

if TYPE_CHECKING:
    from podlint.cache.store import Store
    from podlint.engine.cache import Cache


class Keeping:
    """The cache of one run, in a directory ("" for none) that is asked for when it is opened: nothing is
    imported or made before."""

    def __init__(self, directory: Callable[[], str]) -> None:
        self._find = directory
        self._directory = ""
        self._store: Store | None = None
        self._trouble = ""

    def open(self) -> Cache | None:
        """The cache; None where there is to be none, or its directory cannot be used."""
        self._directory = self._find()
        if not self._directory:
            return None
        from podlint.cache.place import Unusable, prepare

        try:
            prepare(self._directory)
        except Unusable as error:
            self._trouble = str(error)
            return None
        from podlint import __version__
        from podlint.cache.installation import fingerprint

        try:
            from podlint.cache.store import Store
            from podlint.engine.cache import Cache
        except ImportError:
            self._trouble = "this Python has no sqlite3"
            return None

        self._store = Store(self._directory)
        return Cache(self._store, fingerprint(__version__))

    def complain(self) -> None:
        """Say so where nothing could be kept."""
        reason = self._trouble or (self._store.trouble if self._store is not None else "")
        if reason:
            where = os.path.relpath(self._directory)
            complain(
                f"nothing is kept in {where!r}: {reason}", "--cache-dir names another place, --no-cache none"
            )
