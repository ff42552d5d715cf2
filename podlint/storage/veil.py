"""What a report may say of a pod whose scripts or configurations stand in Secrets: nothing that they hold.

Places are masked where they are shown (`podlint/source/secrets.py`). Here are the words: a path that a script
in a Secret uses comes up in messages, in the reasons for doubts, and in facts.
"""

from __future__ import annotations

from functools import cached_property

from podlint.regex import late
from podlint.source.secrets import without_secrets
from podlint.source.span import Span
from podlint.storage.view import PodView

_MASK = "***"
_WORD = late(r"\w++")
_CHUNK = late(r'"[^"]*+"?|[^\s"]++')
_OWN_WORD = late(r"[(]?[A-Za-z]++(?:[-'][A-Za-z]++)*+[.,;:)]*+")
"""What podlint says itself, outside quotes: an English word."""
_MAX_KNOWN = 1000
"""Characters at the beginning of a string that are looked for in the manifests."""


class Veil:
    """Masks words that only Secrets of the run can have told. It is asked when all rules have run, as it
    knows the files that were looked into by then."""

    def __init__(self, pod: PodView) -> None:
        self._document = pod.spec.document
        self._objects = list({id(one): one for one in pod.files.config_maps()}.values())
        self._hidden: dict[str, bool] = {}

    def hides(self, span: Span) -> bool:
        """Whether a place is in a Secret that was looked into."""
        nodes = (one.node for one in self._objects if one.secret and one.node is not None)
        return any(node.span.holds(span) for node in nodes)

    def sentence(self, text: str, told: bool) -> str:
        """A sentence of podlint's: outside quotes, whole words are its own. Where it is `told` of what stands
        in a Secret, words may be made of what that holds: see `value`."""
        if not self.secret:
            return text
        return _CHUNK.sub(lambda one: self._said(one[0], told), text)

    def _said(self, chunk: str, told: bool) -> str:
        """What stays of one word of a sentence, or of what it has in quotes."""
        if chunk.startswith('"'):
            return '"' + self.value(chunk[1:], told)
        return chunk if _OWN_WORD.fullmatch(chunk) else self.value(chunk, told)

    def value(self, text: str, told: bool) -> str:
        """A string that was taken or made from a manifest. Where it is `told`, as much of its beginning stays
        as stands in a manifest outside Secrets (a mount's path); elsewhere all words that stand in one."""
        if not self.secret:
            return text
        known = self._known(text)
        rest = _WORD.sub(lambda one: _MASK if told or self._is_secret(one[0]) else one[0], text[known:])
        return text[:known] + rest

    def _known(self, text: str) -> int:
        """How much of the beginning of a string stands in a manifest, by whole words."""
        end = 0
        for word in _WORD.finditer(text, 0, _MAX_KNOWN):
            if word[0] not in self._words or text[: word.end()] not in self._public:
                break
            end = word.end()
        return end

    def _is_secret(self, word: str) -> bool:
        if word not in self._hidden:
            self._hidden[word] = word not in self._words and word in self.secret
        return self._hidden[word]

    @cached_property
    def secret(self) -> str:
        """All that the Secrets hold; "" where there is nothing to hide."""
        texts = (text.value for one in self._objects if one.secret for text in one.data.values())
        return "\n".join(texts)

    @cached_property
    def _public(self) -> str:
        """The pod's document, and the ConfigMaps that it mounts, with what Secrets hold masked."""
        nodes = [self._document, *(one.node for one in self._objects)]
        return "\n".join(without_secrets(node.span).raw for node in nodes if node is not None)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word[0] for word in _WORD.finditer(self._public))
