"""An account's key, in two halves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
