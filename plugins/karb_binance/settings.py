"""How the account is set, beside what the file states of it: compared, never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from karb_binance.symbols import symbol_of
from karb_binance.wire import SeenAccountConfig, SeenSymbolConfig
from karb_core.domain.instrument import Instrument
from karb_core.ports import AccountSetting

_MARGINS = {"ISOLATED": "isolated", "CROSSED": "cross"}


def per_instrument(
    instruments: Iterable[Instrument], told: Collection[SeenSymbolConfig], leverage: int, margin: str
) -> Iterator[AccountSetting]:
    """Edge: of a market that Binance does not list, nothing is found, which does not agree. A word that is not known is
    shown as it is told."""
    by_symbol = {one.symbol: one for one in told}
    for instrument in instruments:
        found = by_symbol.get(symbol_of(instrument))
        has = None if found is None else str(found.leverage)
        kind = None if found is None else _MARGINS.get(found.margin_type, found.margin_type)
        yield AccountSetting("leverage", instrument, str(leverage), has)
        yield AccountSetting("margin", instrument, margin, kind)


def of_account(told: SeenAccountConfig, *, may_withdraw: bool | None) -> Iterator[AccountSetting]:
    """`may_withdraw`: of the key; None where nobody tells."""
    hedged = (
        "karb reads positions as one-way: a long and a short of one market are not told apart"
        if (told.dual_side_position)
        else None
    )
    pooled = (
        "other assets stand for margin too, so what is free in one of them is not known"
        if (told.multi_assets_margin)
        else None
    )
    shut = None if told.can_trade else "binance does not let this account trade"
    drains = "a key that may withdraw can empty the account: make one that cannot" if may_withdraw else None
    yield AccountSetting("position_mode", None, None, "hedge" if told.dual_side_position else "one_way", hedged)
    yield AccountSetting("multi_assets", None, None, "on" if told.multi_assets_margin else "off", pooled)
    yield AccountSetting("may_trade", None, None, _yes(told.can_trade), shut)
    yield AccountSetting("key_may_withdraw", None, None, None if may_withdraw is None else _yes(may_withdraw), drains)


def _yes(told: bool) -> str:
    return "yes" if told else "no"
