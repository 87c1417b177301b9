"""ccxt's client of one exchange, made so that it answers in text, sends nothing twice and stamps by our clock."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from karb_ccxt.account_key import AccountKey
from karb_ccxt.exchange_params import OWN, ExchangeParams
from karb_core.errors import StrategyInvalid
from karb_core.ports import Clock
from karb_core.texts.text import Words

_MS, _NS = timedelta(milliseconds=1), 1_000_000  # karb: constant because a millisecond has so many nanoseconds


class Exchange(Protocol):
    """The part of ccxt's unified client that is used here. Numbers in answers are text, but for those of books."""

    id: str
    has: dict[str, Any]
    markets: dict[str, Any] | None
    precisionMode: int  # noqa: N815 - ccxt's name

    async def load_markets(self, reload: bool = False) -> Any: ...
    async def close(self) -> None: ...
    def parse_timeframe(self, timeframe: str) -> int: ...
    def amount_to_precision(self, symbol: str, amount: str) -> str: ...
    def price_to_precision(self, symbol: str, price: str) -> str: ...
    def __getattr__(self, name: str) -> Any: ...


def exchange_of(params: ExchangeParams, clock: Clock | None, key: AccountKey | None = None) -> Exchange:
    """Not connected yet. clock: what requests are stamped by; None where nothing is signed. Errors: StrategyInvalid for an exchange that ccxt does not know."""
    ccxt = importlib.import_module("ccxt.async_support")
    if params.exchange not in ccxt.exchanges:
        raise StrategyInvalid(
            Words(f"ccxt knows no exchange `{params.exchange}`", f"ccxt에 `{params.exchange}` 거래소가 없습니다"),
            Words(
                "write its name as ccxt does: binance, okx, bybit", "ccxt에서 쓰는 이름으로 쓰세요: binance, okx, bybit"
            ),
        )
    opens = {} if key is None else {"apiKey": key.key, "secret": key.secret, "password": key.passphrase or ""}
    # Currencies are asked for with a key, at hosts of their own; a request that failed may have been carried out.
    options: dict[str, Any] = {"fetchCurrencies": False, "maxRetriesOnFailure": 0, "defaultType": params.market}
    if params.exchange == "binance":
        options["fetchMarkets"] = {"types": ["spot" if params.market == "spot" else "linear"]}
    made = getattr(ccxt, params.exchange)(
        {**opens, "enableRateLimit": True, "timeout": int(params.timeout / _MS), "options": options}
    )
    made.number = str
    if clock is not None:
        made.milliseconds = lambda: clock.now_ns() // _NS
    if params.address != OWN:
        made.urls["api"] = _led(made.urls["api"], params.address.rstrip("/"))
    exchange: Exchange = made
    return exchange


def _led(urls: Any, address: str) -> Any:
    """The same paths at another host."""
    if isinstance(urls, dict):
        return {name: _led(each, address) for name, each in urls.items()}
    if not isinstance(urls, str):
        return urls
    return address + urlsplit(urls.replace("{hostname}", "host")).path
