"""Who asks: Upbit's tokens, verified. Source: Upbit's page on authentication."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from hashlib import sha512
from typing import Any

from karb_lab.account import Account
from karb_lab.upbit.refused import UpbitRefused

_ALGORITHMS = {"HS256": "sha256", "HS512": "sha512"}


class Tokens:
    """Takes each nonce once. Clients sign with HS256 or HS512; both are taken."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._nonces: set[tuple[str, str]] = set()

    def verified(self, authorization: str | None, hashed: str) -> Account:
        """Whose token it is. `hashed`: the parameters as text, empty where there are none.

        Errors: `UpbitRefused` 401 for a token that is missing, of another key, not signed by its secret, made for other
        parameters, or used before.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme != "Bearer" or not token:
            raise UpbitRefused.key("no_authorization_token", "인증 토큰이 없습니다.")
        claims, signed = _opened(token)
        account = self._accounts.get(str(claims.get("access_key")))
        if account is None:
            raise UpbitRefused.key("invalid_access_key", "잘못된 엑세스 키입니다.")
        if not signed(account.secret):
            raise UpbitRefused.key("jwt_verification", "Jwt 토큰 검증에 실패했습니다.")
        if hashed and not _is_hash(claims, hashed):
            raise UpbitRefused.key("invalid_query_payload", "Jwt의 query를 검증하는데 실패하였습니다.")
        self._use(account, claims.get("nonce"))
        return account

    def _use(self, account: Account, nonce: object) -> None:
        if not isinstance(nonce, str) or not nonce:
            raise UpbitRefused.key("jwt_verification", "nonce가 없습니다.")
        if (account.key, nonce) in self._nonces:
            raise UpbitRefused.key("nonce_used", "이미 사용된 nonce입니다.")
        self._nonces.add((account.key, nonce))


def _opened(token: str) -> tuple[dict[str, Any], Any]:
    try:
        head, payload, signature = token.split(".")
        algorithm = _ALGORITHMS[json.loads(_decoded(head))["alg"]]
        claims = json.loads(_decoded(payload))
        given = _decoded(signature)
    except (ValueError, KeyError, TypeError) as wrong:
        raise UpbitRefused.key("jwt_verification", "Jwt 토큰 검증에 실패했습니다.") from wrong
    if not isinstance(claims, dict):
        raise UpbitRefused.key("jwt_verification", "Jwt 토큰 검증에 실패했습니다.")

    def signed(secret: str) -> bool:
        made = hmac.digest(secret.encode(), f"{head}.{payload}".encode(), algorithm)
        return hmac.compare_digest(made, given)

    return claims, signed


def _is_hash(claims: Mapping[str, Any], hashed: str) -> bool:
    told, algorithm = claims.get("query_hash"), claims.get("query_hash_alg", "SHA512")
    made = sha512(hashed.encode()).hexdigest()
    return isinstance(told, str) and algorithm == "SHA512" and hmac.compare_digest(told, made)


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % len("four")))
