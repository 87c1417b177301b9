"""Who asks: tokens, verified. Source: Upbit's and Bithumb's pages on authentication."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from hashlib import sha512
from typing import Any

from karb_lab.account import Account
from karb_lab.korean.refused import Refused

_ALGORITHMS = {"HS256": "sha256", "HS512": "sha512"}


Claims = Mapping[str, Any]


class Tokens:
    """Takes each nonce once. Clients sign with HS256 or HS512; both are taken. `need`: what a venue asks of claims besides,
    and refuses a token for. `missing`, `used`: how it calls a request without a token, and a nonce that was used.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        need: Callable[[Claims], None] = lambda _: None,
        *,
        missing: str = "no_authorization_token",
        used: str = "nonce_used",
    ) -> None:
        self._accounts = accounts
        self._need = need
        self._missing, self._used = missing, used
        self._nonces: set[tuple[str, str]] = set()

    def verified(self, authorization: str | None, *hashed: str) -> Account:
        """Whose token it is. `hashed`: the parameters as text in each way that counts, empty where there are none.

        Errors: `Refused` 401 for a token that is missing, of another key, not signed by its secret, made for other
        parameters, or used before.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme != "Bearer" or not token:
            raise Refused.key(self._missing, "인증 토큰이 없습니다.")
        claims, signed = _opened(token)
        account = self._accounts.get(str(claims.get("access_key")))
        if account is None:
            raise Refused.key("invalid_access_key", "잘못된 엑세스 키입니다.")
        if not signed(account.secret):
            raise Refused.key("jwt_verification", "Jwt 토큰 검증에 실패했습니다.")
        if any(hashed) and not any(_is_hash(claims, way) for way in hashed):
            raise Refused.key("invalid_query_payload", "Jwt의 query를 검증하는데 실패하였습니다.")
        self._need(claims)
        self._use(account, claims.get("nonce"))
        return account

    def _use(self, account: Account, nonce: object) -> None:
        if not isinstance(nonce, str) or not nonce:
            raise Refused.key("jwt_verification", "nonce가 없습니다.")
        if (account.key, nonce) in self._nonces:
            raise Refused.key(self._used, "이미 사용된 nonce입니다.")
        self._nonces.add((account.key, nonce))


def _opened(token: str) -> tuple[dict[str, Any], Any]:
    try:
        head, payload, signature = token.split(".")
        algorithm = _ALGORITHMS[json.loads(_decoded(head))["alg"]]
        claims = json.loads(_decoded(payload))
        given = _decoded(signature)
    except (ValueError, KeyError, TypeError) as wrong:
        raise Refused.key("jwt_verification", "Jwt 토큰 검증에 실패했습니다.") from wrong
    if not isinstance(claims, dict):
        raise Refused.key("jwt_verification", "Jwt 토큰 검증에 실패했습니다.")

    def signed(secret: str) -> bool:
        made = hmac.digest(secret.encode(), f"{head}.{payload}".encode(), algorithm)
        return hmac.compare_digest(made, given)

    return claims, signed


def _is_hash(claims: Claims, hashed: str) -> bool:
    told, algorithm = claims.get("query_hash"), claims.get("query_hash_alg", "SHA512")
    made = sha512(hashed.encode()).hexdigest()
    return isinstance(told, str) and algorithm == "SHA512" and hmac.compare_digest(told, made)


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % len("four")))
