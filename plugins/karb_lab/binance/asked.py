"""What a request asks for, and whose signature it bears. Source: Binance's page on endpoint security, spot and USD-M futures."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote_plus

from karb_core.domain import exact
from karb_core.ports import Clock
from karb_lab.account import Account
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance.words import MS

_WINDOW_MS = 5000  # karb: constant because Binance takes a request for so long where it says nothing else
_LONGEST_MS = 60_000  # karb: constant because Binance takes no longer window
_AHEAD_MS = 1000
_SIGNATURE = "signature="


@dataclass(frozen=True, slots=True)
class Asked:
    """Parameters by name, those of the query before those of the body. `text`: the bytes that had to be signed."""

    given: Mapping[str, str]
    text: str
    signature: str | None

    @classmethod
    def read(cls, query: str, body: str) -> Asked:
        """The signed text is the query and the body with nothing between, without the signature at its end."""
        given = dict([*_pairs(body), *_pairs(query)])
        text, signature = _unsigned(query), given.pop("signature", None)
        return cls(given, text + _unsigned(body), signature)

    @classmethod
    def of_params(cls, params: Mapping[str, object]) -> Asked:
        """Of a request over a WebSocket: what had to be signed are its parameters, sorted by name."""
        given = {str(name): _text(value) for name, value in params.items()}
        text = "&".join(f"{name}={value}" for name, value in sorted(given.items()) if name != "signature")
        return cls(given, text, given.get("signature"))

    def one(self, name: str) -> str | None:
        """None where it was not sent or is empty."""
        return self.given.get(name) or None

    def need(self, name: str) -> str:
        """Errors: `BinanceRefused` -1102."""
        value = self.one(name)
        if value is None:
            raise BinanceRefused.missing(name)
        return value

    def whole(self, name: str) -> int | None:
        """Errors: `BinanceRefused` -1130 for what is no whole number."""
        value = self.one(name)
        if value is None:
            return None
        if not value.isdecimal():
            raise BinanceRefused.bad(name)
        return int(value)

    def count(self, usual: int, most: int) -> int:
        """`limit`. Errors: `BinanceRefused` -1130 outside 1 to `most`."""
        told = self.whole("limit")
        if told is not None and not 1 <= told <= most:
            raise BinanceRefused.bad("limit")
        return usual if told is None else told

    def number(self, name: str) -> Decimal | None:
        """Errors: `BinanceRefused` -1102 for what is no number."""
        value = self.one(name)
        try:
            return None if value is None else exact.finite(Decimal(value))
        except (InvalidOperation, ValueError, ArithmeticError) as wrong:
            raise BinanceRefused.missing(name) from wrong

    def flag(self, name: str) -> bool:
        return (self.one(name) or "").lower() == "true"

    def between(self) -> tuple[int, int]:
        """`startTime` and `endTime`, both inclusive. Unit: ns. Edge: all of time where they are not sent."""
        start, end = self.whole("startTime"), self.whole("endTime")
        # karb: constant because time begins with the epoch here, and ends with no request
        return (start or 0) * MS, ((end + 1) * MS - 1) if end is not None else 2**63


def holder(accounts: Mapping[str, Account], key: str | None) -> Account:
    """Errors: `BinanceRefused` 401 for a key that is missing or nobody's."""
    if not key:
        raise BinanceRefused.bad_key(-2014, "API-key format invalid.")  # karb: constant because it is Binance's code
    if key not in accounts:
        message = "Invalid API-key, IP, or permissions for action."
        raise BinanceRefused.bad_key(-2015, message)  # karb: constant because it is Binance's code
    return accounts[key]


def need_signed(account: Account, asked: Asked, clock: Clock) -> None:
    """Errors: `BinanceRefused` for a signature that is not the account's, and a time outside the window."""
    if asked.signature is None:
        raise BinanceRefused.missing("signature")
    stamp = asked.whole("timestamp")
    if stamp is None:
        raise BinanceRefused.missing("timestamp")
    made = hmac.digest(account.secret.encode(), asked.text.encode(), "sha256").hex()
    if not hmac.compare_digest(made, asked.signature):
        # karb: constant because it is Binance's code
        raise BinanceRefused(-1022, "Signature for this request is not valid.")
    window = asked.whole("recvWindow") or _WINDOW_MS
    now = clock.now_ns() // MS
    if window > _LONGEST_MS:
        raise BinanceRefused.bad("recvWindow")
    if stamp >= now + _AHEAD_MS:
        message = "Timestamp for this request was 1000ms ahead of the server's time."
        raise BinanceRefused(-1021, message)  # karb: constant because it is Binance's code
    if now - stamp > window:
        message = "Timestamp for this request is outside of the recvWindow."
        raise BinanceRefused(-1021, message)  # karb: constant because it is Binance's code


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, separators=(",", ":")) if isinstance(value, list) else str(value)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, text.split("&")):
        name, _, value = part.partition("=")
        yield unquote_plus(name), unquote_plus(value)


def _unsigned(text: str) -> str:
    """Edge: the signature is the last of its part; one that stands elsewhere is taken out as well."""
    return "&".join(part for part in text.split("&") if not part.startswith(_SIGNATURE))
