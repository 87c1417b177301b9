"""How an account of perpetuals is set, beside what the file states of it: compared, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from karb_ccxt.exchange import Exchange
from karb_ccxt.symbols import Market, symbol_of
from karb_ccxt.told_number import number
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.ports import AccountSetting

_HEDGED = "karb reads positions as one-way: a long and a short of one market are not told apart"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the file states of the account; None of spot."""

    leverage: int | None
    margin: str | None


async def read_settings(
    asks: Callable[[Any], Any], exchange: Exchange, market: Market, instruments: Iterable[Instrument], stated: Stated
) -> list[AccountSetting]:
    """Edge: what an exchange does not tell through ccxt is not found, and does not agree with what the file states."""
    unknown = AccountSetting("key_may_withdraw", None, None, None)
    if market == "spot":
        await asks(exchange.fetch_balance())  # a key that opens nothing is found out before anything is entered
        return [unknown]
    found = []
    for instrument in instruments:
        told = await _told(asks, exchange, "fetchLeverage", "fetch_leverage", symbol_of(instrument, market))
        levels = {told.get("longLeverage"), told.get("shortLeverage")} - {None}
        leverage = exact.text(number(levels.pop(), "leverage")) if len(levels) == 1 else None
        found.append(AccountSetting("leverage", instrument, f"{stated.leverage}", leverage))
        found.append(AccountSetting("margin", instrument, stated.margin, told.get("marginMode")))
    told = await _told(asks, exchange, "fetchPositionMode", "fetch_position_mode")
    hedged = told.get("hedged")
    mode = None if hedged is None else "hedge" if hedged else "one_way"
    return [*found, AccountSetting("position_mode", None, None, mode, _HEDGED if hedged else None), unknown]


async def _told(asks: Callable[[Any], Any], exchange: Exchange, has: str, verb: str, *about: str) -> dict[str, Any]:
    """Nothing where the exchange tells none of it."""
    if not exchange.has.get(has):
        return {}
    told: dict[str, Any] = await asks(getattr(exchange, verb)(*about))
    return told
