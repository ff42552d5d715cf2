"""Ways to write one and the same text as a shell word: quotes, parameters, substitutions, arithmetic."""

from __future__ import annotations

from random import Random

KNOWN = {"D": "/data", "W": "log", "N": "3", "T": "b.txt", "E": ""}
"""Variables that the pods of generated scripts find in their environment."""


def single(text: str) -> str:
    """The text in single quotes, whatever it holds."""
    return "'" + text.replace("'", "'\\''") + "'"


class Spelling:
    """Spells texts as words, by the throws of one generator."""

    def __init__(self, dice: Random, shell: str) -> None:
        self._dice = dice
        self._shell = shell

    def word(self, text: str) -> str:
        """A word that expands to exactly one field: this text."""
        if not text:
            return self._dice.choice(['""', "''", '"$E"', '"${U-}"'])
        cuts = sorted(
            self._dice.sample(range(1, len(text)), min(len(text) - 1, self._dice.choice([0, 0, 1, 2])))
        )
        chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        return "".join(self._chunk(chunk) for chunk in chunks)

    def path(self, path: str) -> str:
        """A word for an absolute path below /data."""
        rest = path.removeprefix("/data")
        if rest == path or self._dice.random() < 0.4:
            return self.word(path)
        heads = ["$D", '"$D"', "${D}", '"${D}"', "${D:-/x}", "${U:-/data}", '"${U-/data}"', "$(echo /data)"]
        heads += ["`echo /data`", '"$(printf /data)"', "${D%/}", '"${D:+/data}"', "/data/log/..", "//data/."]
        heads += [
            "$(cd /data && pwd)",
            "${DD:=/data}",
            "$(dirname /data/x)",
            "/data$E",
            "${D#x}",
            "${D%%/*x}",
        ]
        if self._shell == "bash":
            heads += ["$'/data'", "${D/x/y}"]
        tail = self.word(rest) if rest else ""
        return self._dice.choice(heads) + tail

    def _chunk(self, text: str) -> str:
        plain = all(c.isalnum() or c in "/._-" for c in text)
        ways = [lambda: single(text), lambda: '"' + text + '"']
        if plain:
            ways += [lambda: text] * 3
            ways += [lambda: "".join("\\" + c if self._dice.random() < 0.3 else c for c in text)]
            ways += [
                lambda: "${U:-" + text + "}",
                lambda: '"${U-' + text + '}"',
                lambda: "$(echo " + text + ")",
            ]
            ways += [lambda: '"${N:+' + text + '}"', lambda: '"`echo ' + text + '`"']
        if text == "3":
            ways += [lambda: "${N}", lambda: "$((1+2))", lambda: "$((N))", lambda: '"$(( $N * 1 ))"']
        if text == "log":
            ways += [lambda: "${W}", lambda: '"$W"']
        way = self._dice.choice(ways)
        return way()
