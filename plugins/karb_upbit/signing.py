"""Upbit's signature: a JSON Web Token over the parameters of one call.

Source: Upbit's page on authentication. The hash is over the text that is *not* percent-encoded, in the order sent, and
for a request with a body over its fields, so both come from one list of pairs.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

#: Names and values in the order sent; a list repeats its name, which ends in `[]`.
Pairs = Sequence[tuple[str, str]]
Algorithm = Literal["HS256", "HS512"]

_PART = re.compile("[!-9;-~]+")  # what is printed, but for the colon
_HASHES = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}


@dataclass(frozen=True, slots=True)
class Keys:
    """An account's key as Upbit hands it out. Neither half is ever shown."""

    access: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def read(cls, value: str) -> Keys | None:
        """From `ACCESS:SECRET`; None for what cannot be a key."""
        access, _, secret = value.strip().partition(":")
        return cls(access, secret) if _PART.fullmatch(access) and _PART.fullmatch(secret) else None


def hashed_text(pairs: Pairs) -> str:
    """Shape: `market=KRW-BTC&states[]=done&states[]=cancel`."""
    return "&".join(f"{name}={value}" for name, value in pairs)


def sent_query(pairs: Pairs) -> str:
    """The same, percent-encoded as it goes over the wire."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def sent_body(pairs: Pairs) -> bytes:
    """The same as a JSON object: every value a string, so that its text is the one that was hashed."""
    return json.dumps(dict(pairs), separators=(",", ":"), ensure_ascii=False).encode()


def authorization(keys: Keys, nonce: str, pairs: Pairs, algorithm: Algorithm = "HS256") -> str:
    """The value of the header. Edge: a nonce is good for one request, whatever became of it."""
    claims = {"access_key": keys.access, "nonce": nonce}
    if pairs:
        digest = hashlib.sha512(hashed_text(pairs).encode()).hexdigest()
        claims |= {"query_hash": digest, "query_hash_alg": "SHA512"}
    signed = f"{_segment({'alg': algorithm, 'typ': 'JWT'})}.{_segment(claims)}"
    signature = hmac.new(keys.secret.encode(), signed.encode(), _HASHES[algorithm]).digest()
    return f"Bearer {signed}.{_base64(signature)}"


def _segment(part: dict[str, str]) -> str:
    return _base64(json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode())


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
