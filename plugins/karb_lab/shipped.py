"""The lab that `karb lab` starts: which venues, which coins, what its account opens with. Made up, every number of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from secrets import token_hex

from karb_core.ports import Clock
from karb_lab.account import Account
from karb_lab.binance_futures.account import futures_account
from karb_lab.binance_spot.account import spot_account
from karb_lab.bithumb.account import COUPON_FEE, bithumb_account
from karb_lab.lab import Lab
from karb_lab.made_up import MadeUp
from karb_lab.upbit.account import upbit_account
from karb_lab.venue import Venue

#: karb: constant because a made-up market begins somewhere
_UPBIT = {"BTC": "124350000", "ETH": "4100000", "XRP": "3150", "USDT": "1478"}
#: karb: constant because a made-up account holds something
_OPENING = {"KRW": "45000000", "BTC": "0.25", "ETH": "7.5", "XRP": "10500"}
#: karb: constant because a made-up market begins somewhere
_FUTURES = {"BTC": "84120", "ETH": "2770", "XRP": "2.13"}
#: karb: constant because a made-up account holds something
_MARGIN = {"USDT": "31000"}
#: karb: constant because a made-up account holds something
_SPOT = {"USDT": "31000", "BTC": "0.25", "ETH": "7.5", "XRP": "10500"}
_FAR_WORTH = "15000"  # karb: constant because a made-up level is worth up to so many USDT
_LONG_KEY_BYTES = 32  # karb: constant because Binance's keys have sixty-four characters
_WORTH = "20000000"  # karb: constant because a made-up level is worth up to so many KRW
_MINUTES = 3000  # karb: constant because two days of minutes let a client ask for yesterday's close
_KEY_BYTES = 20  # karb: constant because Upbit's keys have forty characters


#: karb: constant because a made-up market begins somewhere
_BITHUMB = {"BTC": "124330000", "ETH": "4101000", "XRP": "3149", "USDT": "1478"}


@dataclass(frozen=True, slots=True)
class _Made:
    account: Account
    worth: Decimal
    prices: Mapping[str, str]


def _upbit() -> _Made:
    opening = {asset: Decimal(amount) for asset, amount in _OPENING.items()}
    account = upbit_account("owner", token_hex(_KEY_BYTES), token_hex(_KEY_BYTES), opening, tuple(_UPBIT))
    return _Made(account, Decimal(_WORTH), _UPBIT)


def _bithumb() -> _Made:
    opening = {asset: Decimal(amount) for asset, amount in _OPENING.items()}
    key, secret = token_hex(_KEY_BYTES), token_hex(_KEY_BYTES)
    account = bithumb_account("owner", key, secret, opening, tuple(_BITHUMB), COUPON_FEE)
    return _Made(account, Decimal(_WORTH), _BITHUMB)


def _binance_spot() -> _Made:
    opening = {asset: Decimal(amount) for asset, amount in _SPOT.items()}
    key, secret = token_hex(_LONG_KEY_BYTES), token_hex(_LONG_KEY_BYTES)
    account = spot_account("owner", key, secret, opening, tuple(_FUTURES))
    return _Made(account, Decimal(_FAR_WORTH), _FUTURES)


def _binance_usdm() -> _Made:
    opening = {asset: Decimal(amount) for asset, amount in _MARGIN.items()}
    key, secret = token_hex(_LONG_KEY_BYTES), token_hex(_LONG_KEY_BYTES)
    account = futures_account("owner", key, secret, opening, tuple(_FUTURES), Decimal(1))
    return _Made(account, Decimal(_FAR_WORTH), _FUTURES)


#: By venue.
VENUES: Mapping[str, Callable[[], _Made]] = {
    "upbit": _upbit,
    "bithumb": _bithumb,
    "binance_spot": _binance_spot,
    "binance_usdm": _binance_usdm,
}


def shipped_lab(clock: Clock, seed: str, ports: Mapping[str, int]) -> Lab:
    """With keys that are new each time and open nothing anywhere else. The same seed has the same market."""
    venues, markets = [], []
    for makes in VENUES.values():
        made = makes()
        venue = Venue([made.account], clock)
        for instrument, facts in venue.facts.items():
            market = MadeUp(facts, Decimal(made.prices[instrument.base]), made.worth, seed)
            market.past(venue.market[instrument].tape, clock.now_ns(), _MINUTES)
            markets.append(market)
        venues.append(venue)
    return Lab(venues, markets, ports)
