"""Upbit's signature: a JSON Web Token over the parameters of one call. Source: Upbit's page on authentication."""

from __future__ import annotations

from karb_core.connection.fields import Pairs
from karb_core.connection.keys import Keys
from karb_core.connection.query_token import Algorithm, bearer


def authorization(keys: Keys, nonce: str, pairs: Pairs, algorithm: Algorithm = "HS256") -> str:
    """The value of the header. Edge: a nonce is good for one request, whatever became of it."""
    return bearer(keys.secret, {"access_key": keys.access, "nonce": nonce}, pairs, algorithm)
