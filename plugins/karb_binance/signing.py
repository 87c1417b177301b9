"""Binance's signature: an HMAC over the parameters of one call, as they are sent.

Source: Binance's page on endpoint security, USD-M futures. Everything goes into the query, so that what was signed and what
goes over the wire are one text.
"""

from __future__ import annotations

import hmac

from karb_core.connection.fields import Pairs, sent_query
from karb_core.connection.keys import Keys


def signature(keys: Keys, sent: str) -> str:
    """Of the text as it is sent, without the signature. Shape: 64 digits of base sixteen."""
    return hmac.digest(keys.secret.encode(), sent.encode(), "sha256").hex()


def signed_query(keys: Keys, pairs: Pairs) -> str:
    """The query with its signature, which comes last."""
    sent = sent_query(pairs)
    return f"{sent}&signature={signature(keys, sent)}"
