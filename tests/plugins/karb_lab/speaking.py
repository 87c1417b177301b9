"""Speaks Upbit's and Bithumb's wires by hand, where a client library would hide what is answered."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from email.message import Message
from hashlib import sha512
from http.client import HTTPConnection
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from tests.plugins.karb_lab.running import KEY, SECRET, RunningLab


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: Any


def token(hashed: str = "", key: str = KEY, secret: str = SECRET, **more: Any) -> str:
    claims = {"access_key": key, "nonce": str(uuid4()), **more}
    if hashed:
        claims |= {"query_hash": sha512(hashed.encode()).hexdigest(), "query_hash_alg": "SHA512"}
    head = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"Bearer {head}.{_text(hmac.digest(secret.encode(), head.encode(), 'sha256'))}"


def ask(
    lab: RunningLab,
    method: str,
    path: str,
    order: dict[str, str] | None = None,
    *,
    signed: bool = False,
    venue: str = "upbit",
    **claims: Any,
) -> Answer:
    """One call. Errors: http.client.RemoteDisconnected or OSError where no answer came."""
    connection = HTTPConnection(urlsplit(lab.address(venue)).netloc)
    headers = {"Content-Type": "application/json"}
    if signed:
        sent = unquote(path.partition("?")[2]) if order is None else "&".join(f"{k}={v}" for k, v in order.items())
        headers["Authorization"] = token(sent, **claims)
    try:
        connection.request(method, path, None if order is None else json.dumps(order), headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, json.loads(answer.read()))
    finally:
        connection.close()


def limit(volume: str, price: str, side: str = "bid", **more: str) -> dict[str, str]:
    return {"market": "KRW-BTC", "side": side, "ord_type": "limit", "volume": volume, "price": price, **more}


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
