"""Rates: what a dollar or a USDT costs in won. Never a constant."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_fx_sources():  # type: ignore[no-untyped-def]
    from karb_fx.banks import Dunamu, ExchangeRateHost, Frankfurter, KoreaExim, OpenErApi, Yahoo
    from karb_fx.chain import Chain
    from karb_fx.recorded import Recorded

    return [Dunamu, Yahoo, KoreaExim, OpenErApi, ExchangeRateHost, Frankfurter, Chain, Recorded]
