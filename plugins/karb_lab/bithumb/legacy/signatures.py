"""Who asks by API 1.x: `Api-Sign`, verified over the form as it came. Source: Bithumb, API 1.x, authentication."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping

from karb_lab.account import Account
from karb_lab.bithumb.legacy.refused import BAD_KEY, BAD_REQUEST, LegacyRefused

_BETWEEN = "\0"


class Signatures:
    """Takes each nonce once."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._nonces: set[tuple[str, str]] = set()

    def verified(self, headers: Mapping[str, str], path: str, body: str) -> Account:
        """Whose signature it is. `body`: the form as it was sent, in its order, wherever in it the path stands.

        Errors: `LegacyRefused` for a key that is nobody's, a signature that is not its secret's, a nonce that is missing
        or was used.
        """
        account = self._accounts.get(headers.get("Api-Key", ""))
        if account is None:
            raise LegacyRefused(BAD_KEY, "Invalid Apikey")
        nonce = headers.get("Api-Nonce", "")
        if not nonce.isdecimal() or (account.key, nonce) in self._nonces:
            raise LegacyRefused(BAD_REQUEST, "Bad Request.(Auth Data)")
        digest = hmac.digest(account.secret.encode(), _BETWEEN.join((path, body, nonce)).encode(), "sha512").hex()
        if not hmac.compare_digest(b64encode(digest.encode()).decode(), headers.get("Api-Sign", "")):
            raise LegacyRefused(BAD_REQUEST, "Bad Request.(Auth Data)")
        self._nonces.add((account.key, nonce))
        return account
