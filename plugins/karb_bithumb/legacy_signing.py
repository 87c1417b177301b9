"""Bithumb's older signature, API 1.x (`Api-Sign`), for calls that 2.x does not have. karb's own calls are signed as 2.x.

Source: Bithumb, API 1.x, authentication.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import urlencode

from karb_core.connection.fields import Pairs
from karb_core.connection.keys import Keys

_BETWEEN = "\0"


def legacy_body(path: str, pairs: Pairs) -> str:
    """The form that is sent. Shape: `endpoint=%2Finfo%2Fbalance&currency=BTC`; the path stands first."""
    return urlencode([("endpoint", path), *pairs])


def legacy_headers(keys: Keys, path: str, body: str, nonce_ms: int) -> Mapping[str, str]:
    """Edge: what is signed is the form as it is sent; the signature is the Base64 of its text in base sixteen."""
    nonce = str(nonce_ms)
    signed = _BETWEEN.join((path, body, nonce)).encode()
    digest = hmac.digest(keys.secret.encode(), signed, "sha512").hex()
    return {
        "Api-Key": keys.access,
        "Api-Sign": b64encode(digest.encode()).decode("ascii"),
        "Api-Nonce": nonce,
        "Content-Type": "application/x-www-form-urlencoded",
    }
