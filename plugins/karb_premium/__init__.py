"""Signals on the premium of a pair."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_signals():  # type: ignore[no-untyped-def]
    from karb_premium.funding_carry import FundingCarry
    from karb_premium.threshold import Threshold
    from karb_premium.when import When
    from karb_premium.zscore import ZScore
    from karb_premium.zscore_reverting import ZScoreReverting
    from karb_premium.zscore_tiers import ZScoreTiers

    return [FundingCarry, Threshold, When, ZScore, ZScoreReverting, ZScoreTiers]
