"""Risk gates: what may say no."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_risk_gates():  # type: ignore[no-untyped-def]
    from karb_gates.breaker import Breaker
    from karb_gates.fresh import Fresh
    from karb_gates.max_order import MaxOrder
    from karb_gates.max_position import MaxPosition
    from karb_gates.profit_only_exit import ProfitOnlyExit

    return [Breaker, Fresh, MaxOrder, MaxPosition, ProfitOnlyExit]
