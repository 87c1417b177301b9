"""Keeps secrets out of what is said: whatever is given out is known, and taken out of every sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from karb_core.ports import Secrets
from karb_core.rules.secret import SecretName
from karb_core.texts.text import LANGUAGES, Said, Words, render

_LEAST = 6  # karb: constant because what is shorter is no secret, and stands in many words
_HIDDEN = "***"


@dataclass(slots=True)
class Hiding:
    """`Secrets` that remembers, and a sayer that forgets. The last hand, for what a stranger's error says of itself."""

    secrets: Secrets
    say: Callable[[Said], None]
    _known: set[str] = field(init=False, default_factory=set)

    def value(self, name: SecretName) -> str:
        value = self.secrets(name)
        self._known |= {part for part in (value, *value.split(":"), *value.split("/")) if len(part) >= _LEAST}
        return value

    def says(self, said: Said) -> None:
        told = [render(said, lang) for lang in LANGUAGES]
        self.say(Words(*map(self.hidden, told)) if any(map(self._shows, told)) else said)

    def hidden(self, text: str) -> str:
        for value in sorted(self._known, key=len, reverse=True):
            text = text.replace(value, _HIDDEN)
        return text

    def _shows(self, text: str) -> bool:
        return any(value in text for value in self._known)
