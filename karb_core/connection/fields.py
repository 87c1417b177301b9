"""The parameters of one call, as they are signed and as they are sent: one list of pairs for both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

#: Names and values in the order sent; a list repeats its name, which ends in `[]`.
Pairs = Sequence[tuple[str, str]]


def hashed_text(pairs: Pairs) -> str:
    """Shape: `market=KRW-BTC&states[]=done&states[]=cancel`, nothing percent-encoded."""
    return "&".join(f"{name}={value}" for name, value in pairs)


def sent_query(pairs: Pairs) -> str:
    """The same, percent-encoded as it goes over the wire."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def sent_body(pairs: Pairs) -> bytes:
    """The same as a JSON object: every value a string, so that its text is the one that was signed."""
    return json.dumps(dict(pairs), separators=(",", ":"), ensure_ascii=False).encode()
