"""What a process has itself written into files: the scripts that it writes first and runs afterwards."""

from __future__ import annotations

from podlint.shell.effects import Action, Field
from podlint.shell.patterns import Pattern
from podlint.shell.state import State

_CONTENT = frozenset({
    Action.APPEND, Action.REPLACE, Action.WRITE, Action.RENAME, Action.DELETE, Action.TRUNCATE, Action.LINK,
    Action.SYMLINK,
})  # fmt: skip
MAX_FILES = 64


class Written:
    """The known contents of files, by absolute path.

    A state knows what was written on the way to it (`State.contents`); here stands what anybody has written
    last. Only what both agree on is known: a subshell, a branch or a job in the background may have written
    since.
    """

    def __init__(self) -> None:
        self._latest: dict[str, Field | None] = {}
        self._followed: dict[str, Field] = {}
        self._executable: set[Pattern] = set()

    def forget(self, action: Action, path: Pattern, to: Pattern | None) -> None:
        """Something is done to a path: what was known of the files that it may name is known no more."""
        if action is Action.CHMOD and len(self._executable) < MAX_FILES:
            self._executable.add(path)
        if action not in _CONTENT or not self._latest:
            return
        for name in self._latest:
            if path.matches(name) or (action is Action.RENAME and to is not None and to.matches(name)):
                self._latest[name] = None

    def put(self, path: Pattern, content: Field | None, state: State) -> bool:
        """A file has been written as a whole. False where it was run with another content before."""
        name = path.literal
        if name is None or content is None or content.value.literal is None:
            return name not in self._followed
        if name not in self._latest and len(self._latest) >= MAX_FILES:
            return True
        self._latest[name] = state.contents[name] = content
        followed = self._followed.get(name)
        return followed is None or followed.value == content.value

    def content(self, path: Pattern, state: State) -> Field | None:
        """What is in a file, where it is known."""
        name = path.literal
        mine = state.contents.get(name) if name is not None else None
        latest = self._latest.get(name) if name is not None else None
        if mine is None or latest is None or mine.value != latest.value:
            return None
        return mine

    def is_executable(self, path: Pattern) -> bool:
        """Whether somebody may have changed the mode of a file, which people do to run it."""
        return any(changed.may_be(path) for changed in self._executable)

    def follow(self, path: Pattern, state: State) -> Field | None:
        """As `content`, for a file that is now run."""
        content = self.content(path, state)
        if content is not None:
            self._followed[str(path)] = content
        return content
