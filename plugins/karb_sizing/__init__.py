"""How much is traded."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_sizings():  # type: ignore[no-untyped-def]
    from karb_sizing.by_tier import ByTier
    from karb_sizing.fixed import Fixed
    from karb_sizing.kelly import Kelly
    from karb_sizing.risk_per_trade import RiskPerTrade
    from karb_sizing.share import Share

    return [Share, ByTier, Fixed, RiskPerTrade, Kelly]
