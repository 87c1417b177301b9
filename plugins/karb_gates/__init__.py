"""Risk gates: what may say no."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_risk_gates():  # type: ignore[no-untyped-def]
    from karb_gates.approval import ApprovalGate
    from karb_gates.breaker import Breaker
    from karb_gates.clock_offset import ClockOffset
    from karb_gates.cooldown import Cooldown
    from karb_gates.correlation import Correlation
    from karb_gates.daily_loss import DailyLoss
    from karb_gates.drawdown import Drawdown
    from karb_gates.free_after import FreeAfter
    from karb_gates.fresh import Fresh
    from karb_gates.funding_window import FundingWindow
    from karb_gates.fx_disagreement import FxDisagreement
    from karb_gates.hours import HoursGate
    from karb_gates.liquidation_distance import LiquidationDistance
    from karb_gates.liquidity import Liquidity
    from karb_gates.max_deployed import MaxDeployed
    from karb_gates.max_open import MaxOpen
    from karb_gates.max_order import MaxOrder
    from karb_gates.max_position import MaxPosition
    from karb_gates.max_premium import MaxPremium
    from karb_gates.max_trades import MaxTrades
    from karb_gates.min_volume import MinVolume
    from karb_gates.net_exposure import NetExposure
    from karb_gates.price_jump import PriceJump
    from karb_gates.profit_only_exit import ProfitOnlyExit
    from karb_gates.spread import Spread
    from karb_gates.venue_warnings import VenueWarnings

    return [
        ApprovalGate,
        Breaker,
        ClockOffset,
        Cooldown,
        Correlation,
        DailyLoss,
        Drawdown,
        FreeAfter,
        Fresh,
        FundingWindow,
        FxDisagreement,
        HoursGate,
        LiquidationDistance,
        Liquidity,
        MaxDeployed,
        MaxOpen,
        MaxOrder,
        MaxPosition,
        MaxPremium,
        MaxTrades,
        MinVolume,
        NetExposure,
        PriceJump,
        ProfitOnlyExit,
        Spread,
        VenueWarnings,
    ]
