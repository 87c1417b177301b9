"""Binance's signature: an HMAC over the parameters of one call, as they are sent.

Source: Binance's page on endpoint security, USD-M futures. Everything goes into the query, so that what was signed and what
goes over the wire are one text.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

#: Names and values in the order sent.
Pairs = Sequence[tuple[str, str]]

_PART = re.compile("[!-9;-~]+")  # what is printed, but for the colon


@dataclass(frozen=True, slots=True)
class Keys:
    """An account's key as Binance hands it out. Neither half is ever shown."""

    access: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def read(cls, value: str) -> Keys | None:
        """From `KEY:SECRET`; None for what cannot be a key."""
        access, _, secret = value.strip().partition(":")
        return cls(access, secret) if _PART.fullmatch(access) and _PART.fullmatch(secret) else None


def sent_query(pairs: Pairs) -> str:
    """Shape: `symbol=BTCUSDT&side=BUY`, percent-encoded."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def signature(keys: Keys, sent: str) -> str:
    """Of the text as it is sent, without the signature. Shape: 64 digits of base sixteen."""
    return hmac.digest(keys.secret.encode(), sent.encode(), "sha256").hex()


def signed_query(keys: Keys, pairs: Pairs) -> str:
    """The query with its signature, which comes last."""
    sent = sent_query(pairs)
    return f"{sent}&signature={signature(keys, sent)}"
