"""Bithumb as its pages describe it, in this process: as Upbit but for its key, its time on every token, and its refusals."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate

from karb_core.connection.keys import Keys
from tests.plugins.karb_upbit.upbit_here import UpbitHere

#: Made up for the vectors of the signature; they open nothing.
KEYS = Keys("bithumb-test-access-key-00000000000001", "bithumb-test-secret-key-00000000000001")
PUBLIC = ("/v1/ticker",)
SECOND = 1_000_000_000


@dataclass
class BithumbHere(UpbitHere):
    """`now_ns`: its clock, by which its answers are dated. `tolerates_ms`: how old a token may be, None where any age is
    taken; how long that is at Bithumb is not documented. `stamps`: what was written on tokens."""

    now_ns: Callable[[], int] | None = None
    tolerates_ms: int | None = None
    stamps: list[int] = field(default_factory=list)

    def says(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None):  # type: ignore[no-untyped-def]
        if self.now_ns is not None:
            self.headers["date"] = formatdate(self.now_ns() // SECOND, usegmt=True)
        return super().says(method, target, headers, body)

    def _unsigned(self, headers: Mapping[str, str], sent: str) -> str | None:
        path_is_public = "Authorization" not in headers
        if path_is_public:
            return None
        scheme, _, token = headers["Authorization"].partition(" ")
        signed, _, signature = token.rpartition(".")
        made = hmac.digest(KEYS.secret.encode(), signed.encode(), "sha256")
        if scheme != "Bearer" or base64.urlsafe_b64encode(made).rstrip(b"=").decode() != signature:
            return "jwt_verification"
        claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
        assert list(claims)[:3] == ["access_key", "nonce", "timestamp"]
        assert claims["nonce"] not in self.nonces, "a nonce was used twice"
        self.nonces.add(claims["nonce"])
        self.stamps.append(claims["timestamp"])
        if self.tolerates_ms is not None and self.now_ns is not None:
            late_ms = self.now_ns() // 1_000_000 - claims["timestamp"]
            if abs(late_ms) > self.tolerates_ms:
                return "expired_jwt"
        hashed = hashlib.sha512(sent.encode()).hexdigest() if sent else None
        return None if claims.get("query_hash") == hashed else "invalid_query_payload"
