"""An account's key in two parts, or in three where the exchange has a passphrase beside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from karb_core.errors import StrategyInvalid
from karb_core.texts.text import Words

_PART = re.compile("[!-9;-~]+")  # what is printed, but for the colon


@dataclass(frozen=True, slots=True)
class AccountKey:
    """Shape: `KEY:SECRET`, or `KEY:SECRET:PASSPHRASE`. No part is ever shown."""

    key: str = field(repr=False)
    secret: str = field(repr=False)
    passphrase: str | None = field(repr=False)

    @classmethod
    def of_secret(cls, name: str, value: str, exchange: str) -> AccountKey:
        """Errors: StrategyInvalid for what cannot be a key, without a part of it."""
        key, _, rest = value.strip().partition(":")
        secret, colon, passphrase = rest.partition(":")
        parts = [key, secret, *([passphrase] if colon else [])]
        if not all(_PART.fullmatch(part) for part in parts):
            raise StrategyInvalid(
                Words(
                    f"the value of {name} is no key of {exchange}'s: set it to KEY:SECRET, or to KEY:SECRET:PASSPHRASE where it"
                    " has one",
                    f"{name}의 값이 {exchange} 키가 아닙니다. KEY:SECRET 형식으로, 암호가 따로 있으면 KEY:SECRET:PASSPHRASE로"
                    " 설정하세요",
                )
            )
        return cls(key, secret, passphrase if colon else None)

    @property
    def parts(self) -> tuple[str, ...]:
        """All that may be told nowhere."""
        return (self.key, self.secret, *(() if self.passphrase is None else (self.passphrase,)))
