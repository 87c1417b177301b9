"""An account's key, in two halves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from karb_core.errors import StrategyInvalid
from karb_core.texts.text import Words

_PART = re.compile("[!-9;-~]+")  # what is printed, but for the colon


@dataclass(frozen=True, slots=True)
class Keys:
    """As the venue hands it out. Neither half is ever shown."""

    access: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def read(cls, value: str) -> Keys | None:
        """From `ACCESS:SECRET`; None for what cannot be a key."""
        access, _, secret = value.strip().partition(":")
        return cls(access, secret) if _PART.fullmatch(access) and _PART.fullmatch(secret) else None

    @classmethod
    def of_secret(cls, name: str, value: str, venue: Words, form: str = "ACCESS:SECRET") -> Keys:
        """`name`: of the secret; `venue`: what it is called in a sentence; `form`: the halves as it calls them.

        Errors: StrategyInvalid for what cannot be a key, without a part of it.
        """
        found = cls.read(value)
        if found is None:
            raise StrategyInvalid(
                Words(
                    f"the value of {name} is no key of {venue.en}'s: set it to {form}, both as {venue.en} shows them",
                    f"{name}의 값이 {venue.ko} 키가 아닙니다. {venue.ko}에서 보여 주는 그대로 {form} 형식으로 설정하세요",
                )
            )
        return found
