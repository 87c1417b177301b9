"""How spot's account is set: read, told, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from karb_binance.spot.wire import SeenAccount, SeenCommission
from karb_core.domain.instrument import Instrument
from karb_core.ports import AccountSetting


def of_spot(
    told: SeenAccount, commissions: Mapping[Instrument, SeenCommission], *, may_withdraw: bool | None
) -> Iterator[AccountSetting]:
    """`may_withdraw`: of the key; None where nobody tells."""
    shut = None if told.can_trade else "binance does not let this account trade"
    drains = "a key that may withdraw can empty the account: make one that cannot" if may_withdraw else None
    yield AccountSetting("may_trade", None, None, _yes(told.can_trade), shut)
    yield AccountSetting("key_may_withdraw", None, None, None if may_withdraw is None else _yes(may_withdraw), drains)
    yield from _fees(commissions.items())


def _fees(commissions: Iterable[tuple[Instrument, SeenCommission]]) -> Iterator[AccountSetting]:
    """Edge: a fee in a coin that is neither bought nor sold would have to be bought, and no rate says what it costs."""
    for instrument, told in commissions:
        other = told.discount.enabled_for_account and told.discount.enabled_for_symbol
        coin = told.discount.discount_asset
        pays = coin if other and coin not in (instrument.base, instrument.quote) else None
        why = None if pays is None else f"fees are paid in {pays}, which karb does not value: turn that off at binance"
        yield AccountSetting("fees_in", instrument, None, pays or "what_is_received", why)


def _yes(told: bool) -> str:
    return "yes" if told else "no"
