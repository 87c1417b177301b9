"""Accounts at local venues as files ask for them: what they open with, which coins, how they are set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from secrets import token_hex

from karb_core.domain.instrument import Instrument
from karb_core.ports import LabWanted
from karb_lab.account import Account
from karb_lab.binance_futures.account import futures_account
from karb_lab.binance_spot.account import spot_account
from karb_lab.bithumb.account import COUPON_FEE, bithumb_account
from karb_lab.upbit.account import upbit_account

_KEY_BYTES = 20  # karb: constant because Upbit's keys have forty characters
_LONG_KEY_BYTES = 32  # karb: constant because Binance's keys have sixty-four characters
#: Where a file has no account, one is there that holds nothing: its market is read.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Asked:
    """One account. `leverage`: 1 where nothing is stated."""

    name: str
    opening: Mapping[str, Decimal]
    bases: tuple[str, ...]
    leverage: Decimal


def _upbit(asked: Asked) -> Account:
    key, secret = token_hex(_KEY_BYTES), token_hex(_KEY_BYTES)
    return upbit_account(asked.name, key, secret, asked.opening, tuple(dict.fromkeys((*asked.bases, "USDT"))))


def _bithumb(asked: Asked) -> Account:
    key, secret = token_hex(_KEY_BYTES), token_hex(_KEY_BYTES)
    bases = tuple(dict.fromkeys((*asked.bases, "USDT")))
    return bithumb_account(asked.name, key, secret, asked.opening, bases, COUPON_FEE)


def _futures(asked: Asked) -> Account:
    key, secret = token_hex(_LONG_KEY_BYTES), token_hex(_LONG_KEY_BYTES)
    return futures_account(asked.name, key, secret, asked.opening, asked.bases, asked.leverage)


def _spot(asked: Asked) -> Account:
    key, secret = token_hex(_LONG_KEY_BYTES), token_hex(_LONG_KEY_BYTES)
    return spot_account(asked.name, key, secret, asked.opening, asked.bases)


#: By venue, and the asset that its instruments are quoted in.
OPENS: Mapping[str, tuple[str, Callable[[Asked], Account]]] = {
    "binance_spot": ("USDT", _spot),
    "binance_usdm": ("USDT", _futures),
    "bithumb": ("KRW", _bithumb),
    "upbit": ("KRW", _upbit),
}


def not_here(wanted: LabWanted) -> list[Instrument]:
    """What no local venue trades."""
    return [one for one in wanted.instruments if one.venue not in OPENS or OPENS[one.venue][0] != one.quote]


def accounts(wanted: LabWanted) -> dict[str, list[Account]]:
    """By venue. Every venue is there, for rates are read where nothing is traded."""
    return {venue: list(map(opens, _asked(wanted, venue))) for venue, (_, opens) in OPENS.items()}


def _asked(wanted: LabWanted, venue: str) -> list[Asked]:
    opening = wanted.opening.get(venue, {})
    bases = tuple(dict.fromkeys(one.base for one in wanted.instruments if one.venue == venue))
    alone = Decimal(1)  # karb: constant because an account of which nothing is stated borrows nothing
    make = partial(Asked, bases=bases)
    found = [
        make(each.name, opening, leverage=alone if each.leverage is None else Decimal(each.leverage))
        for each in wanted.accounts
        if venue in each.venues
    ]
    return found or [make(NOBODY, {}, leverage=alone)]
