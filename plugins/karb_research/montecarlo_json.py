"""What was drawn again, as one JSON document: money as text, ratios as numbers or null."""

from __future__ import annotations

from karb_research.montecarlo_words import money
from karb_research.resampled import Resampled
from karb_research.spread import Spread


def document(found: Resampled) -> dict[str, object]:
    """Keys are added, never changed: the App writes its version first. The same numbers draw the same document."""
    came, drawing, orders, blocks = found.came, found.drawing, found.orders, found.blocks
    return {
        "name": came.name,
        "synthetic": came.synthetic,
        "capital": came.capital.text(),
        "trades": len(came.nets),
        "days": None if came.curve is None else came.curve.days,
        "draws": drawing.draws,
        "seed": drawing.seed,
        "block": drawing.block,
        "generator": "numpy PCG64",
        "trade_orders": None
        if orders is None
        else {
            "net": orders.net.text(),
            "max_drawdown": orders.fell,
            "max_drawdown_drawn": _spread(orders.falls),
            "as_deep": orders.as_deep,
        },
        "days_in_blocks": None
        if blocks is None
        else {
            "total_return": found.total_return,
            "max_drawdown": found.max_drawdown,
            "sharpe": found.sharpe,
            "net_drawn": {
                str(each): money(came.capital, value).text() for each, value in blocks.total_return.at.items()
            },
            "total_return_drawn": _spread(blocks.total_return),
            "max_drawdown_drawn": _spread(blocks.max_drawdown),
            "sharpe_drawn": _spread(blocks.sharpe),
        },
    }


def _spread(spread: Spread | None) -> dict[str, object] | None:
    if spread is None:
        return None
    return {"draws": spread.draws} | {str(each): value for each, value in spread.at.items()}
