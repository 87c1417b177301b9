"""A JSON Web Token over the parameters of one call, as venues ask for it that sign so.

The hash is over the text that is *not* percent-encoded, in the order sent, and for a request with a body over its
fields. Source: RFC 7515 for the token; the pages of the venues for the claims.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Literal

from karb_core.connection.fields import Pairs, hashed_text

Algorithm = Literal["HS256", "HS512"]

_HASHES = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}


def bearer(secret: str, claims: Mapping[str, str | int], pairs: Pairs, algorithm: Algorithm = "HS256") -> str:
    """The value of the header. `claims` stand in the token in their order, and the hash of the parameters after them.

    Edge: without parameters there is no hash of them.
    """
    told = dict(claims)
    if pairs:
        told |= {"query_hash": hashlib.sha512(hashed_text(pairs).encode()).hexdigest(), "query_hash_alg": "SHA512"}
    signed = f"{_segment({'alg': algorithm, 'typ': 'JWT'})}.{_segment(told)}"
    signature = hmac.new(secret.encode(), signed.encode(), _HASHES[algorithm]).digest()
    return f"Bearer {signed}.{_base64(signature)}"


def _segment(part: Mapping[str, str | int]) -> str:
    return _base64(json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode())


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
