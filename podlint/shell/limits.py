"""What reading one script may cost: counted, so that the same script has the same outcome everywhere."""

from __future__ import annotations

MAX_PARTS = 60_000
"""Parts of words in one script."""
MAX_COMMANDS = 10_000
"""Commands in one script."""
MAX_LOOKS = 400_000
"""Places of one script that are looked at for what may close something; those in nested brackets again and
again."""


MAX_READS = 2_000
"""Pieces of text (`raw_tree.READ` bytes each) that the parser may ask for while one script is read. It asks
for each piece of a script without errors about twice; where it recovers from errors it may go over the same
text again for each token."""


MAX_OPENED = {b"`": 300, b"|": 1_500}
"""How often a character may stand in a script that is parsed. Where a script with many of them ends in an
error, the parser keeps each beginning of it: its memory grows with their square, to some 30 MB for so many.
The longest real scripts have some 200."""


class TooComplexError(Exception):
    """Raised by readers of a script where it passes their bounds; says what there is too much of."""


class Limits:
    """What reading one script may cost, shared by all who read a stretch of it."""

    def __init__(self) -> None:
        self._parts = MAX_PARTS
        self._commands = MAX_COMMANDS
        self._looks = MAX_LOOKS
        self._reads = MAX_READS

    @property
    def cost(self) -> int:
        """What reading has cost so far besides its characters, in units of `podlint.budget`."""
        words = 2 * (MAX_PARTS - self._parts) + (MAX_LOOKS - self._looks)
        return words + 6 * (MAX_COMMANDS - self._commands) + 5 * self.reads

    def spend_part(self) -> None:
        """One more part of a word."""
        self._parts -= 1
        if self._parts < 0:
            raise TooComplexError("words of too many parts")

    def spend_command(self) -> None:
        """One more command."""
        self._commands -= 1
        if self._commands < 0:
            raise TooComplexError("too many commands")

    def spend_look(self) -> None:
        """One more place looked at."""
        self._looks -= 1
        if self._looks < 0:
            raise TooComplexError("nested too deeply")

    def check_nesting(self, encoded: bytes) -> None:
        """Raise TooComplexError where the parser might take too much memory; asked before it begins."""
        if any(encoded.count(one) > most for one, most in MAX_OPENED.items()):
            raise TooComplexError("nested too deeply")

    def may_read(self) -> bool:
        """Spend one more piece of text for the parser, which nothing can be raised through; False where there
        is none left."""
        self._reads -= 1
        return self._reads >= 0

    @property
    def reads(self) -> int:
        """How many pieces of text were handed to the parser."""
        return MAX_READS - max(self._reads, 0)

    def check_reads(self) -> None:
        """Raise TooComplexError where the parser wanted more than it may have."""
        if self._reads < 0:
            raise TooComplexError("too much to read")
