"""Speaks Binance's wire by hand, where a client library would hide what is answered."""

from __future__ import annotations

import hmac
import json
import time
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.plugins.karb_lab.running import KEY, SECRET, RunningLab


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: Any


def ask(
    lab: RunningLab,
    method: str,
    path: str,
    *,
    signed: bool = False,
    key: str = KEY,
    venue: str = "binance_usdm",
    **params: str,
) -> Answer:
    """One call, everything in the query. Errors: http.client.RemoteDisconnected or OSError where no answer came."""
    text = urlencode({**params, "timestamp": str(int(time.time() * 1000))} if signed else params)
    if signed:
        text += f"&signature={hmac.digest(SECRET.encode(), text.encode(), 'sha256').hex()}"
    connection = HTTPConnection(urlsplit(lab.address(venue)).netloc)
    try:
        connection.request(method, f"{path}?{text}", headers={"X-MBX-APIKEY": key})
        answer = connection.getresponse()
        raw = answer.read()
        return Answer(answer.status, answer.headers, json.loads(raw) if raw.startswith((b"{", b"[")) else raw.decode())
    finally:
        connection.close()


def order(amount: str, price: str, side: str = "BUY", **more: str) -> dict[str, str]:
    told = {"symbol": "BTCUSDT", "side": side, "type": "LIMIT", "timeInForce": "GTC"}
    return {**told, "quantity": amount, "price": price, **more}
