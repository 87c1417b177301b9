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
        self.knows(value)
        return value

    def knows(self, value: str) -> None:
        """It is given out elsewhere, and hidden from now on."""
        self._known |= {part for part in (value, *value.split(":"), *value.split("/")) if len(part) >= _LEAST}

    def says(self, said: Said) -> None:
        told = [render(said, lang) for lang in LANGUAGES]
        self.say(Words(*map(self.hidden, told)) if any(map(self._shows, told)) else said)

    def hidden(self, text: str) -> str:
        for value in sorted(self._known, key=len, reverse=True):
            text = text.replace(value, _HIDDEN)
        return text

    def hide_in(self, error: BaseException) -> None:
        """What nobody expected is shown as it is: whatever of it is a secret is taken out of it, and of what it came
        from."""
        seen: set[int] = set()
        left: list[BaseException | None] = [error]
        while left:
            one = left.pop()
            if one is not None and id(one) not in seen:
                seen.add(id(one))
                one.args = tuple(self.hidden(each) if isinstance(each, str) else each for each in one.args)
                left += [one.__cause__, one.__context__]

    def _shows(self, text: str) -> bool:
        return any(value in text for value in self._known)
