"""The report of `karb backtest` as one JSON document: money and prices whole, as text; ratios as numbers or null."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.exact import text
from karb_core.domain.instant import to_text
from karb_core.domain.lots import Lot
from karb_core.domain.parts import Parts
from karb_core.domain.trade import Trade
from karb_core.ports import DayEnd, Lagging, Tier
from karb_research.breakdown import NO_TIER, Group
from karb_research.correlation import Correlations
from karb_research.study import Study


def document(study: Study) -> dict[str, object]:
    """Keys are added, never changed: the App writes its version first."""
    came = study.came
    return {
        "strategy": came.strategy,
        "run": came.run,
        "ledger": came.ledger,
        "data": came.data,
        "synthetic": came.synthetic,
        "digests": dict(came.digests),
        "capital": came.capital.text(),
        "began_at": to_text(came.began_ns),
        "ended_at": to_text(came.ended_ns),
        "result": {
            **_parts(study.parts),
            "booked": study.booked.text(),
            "equity": study.metrics.equity.text(),
            "open_lots": len(came.open_lots),
        },
        "metrics": metrics_json(study),
        "by_pair": [_group(group) for group in study.pairs],
        "by_tier": [_group(group) for group in study.tiers],
        "by_month": [_group(group) for group in study.months],
        "days": [_day(day, came.capital) for day in came.days],
        "trades": [_trade(trade, came.judged.get(trade.lot.id)) for trade in came.trades],
        "open_lots": [_lot(lot) for lot in came.open_lots],
        "refusals": [
            {
                **_cited(row.by.rule, row.by.file, row.by.line, row.by.written),
                "episodes": row.episodes,
                "judged": row.judged,
                "holds_up": list(row.ways),
            }
            for row in study.refused
        ],
        "lagged": {
            "plans": came.plans,
            "cost": study.lagged_cost.text(),
            "each": [_lagging(one) for one in came.lagging],
        },
        "correlation": {"pairs": _matrix(study.of_pairs), "tiers": _matrix(study.of_tiers)},
    }


def metrics_json(study: Study) -> dict[str, object]:
    found, came = study.metrics, study.came
    ratios = ("total_return", "annual_return", "volatility", "sharpe", "sortino", "calmar")
    trades = {name: value for name, value in asdict(found.trades).items() if name != "trades"}
    money = {name: _money(getattr(found.trades, name)) for name in ("expectancy", "best", "worst")}
    return {
        "days": found.days,
        **{name: getattr(found, name) for name in ratios},
        "max_drawdown": None if found.drawdown is None else found.drawdown.deepest,
        "max_drawdown_days": None if found.drawdown is None else found.drawdown.days,
        "value_at_risk": found.value_at_risk,
        "conditional_value_at_risk": found.conditional_value_at_risk,
        **asdict(found.use),
        "trades": found.trades.trades,
        **trades,
        **money,
        "longest_holding_ns": study.longest_ns,
        "worst_paper_loss": None if came.worst_loss is None else text(came.worst_loss),
        "capture_by_tier": {
            tier or NO_TIER: {"trades": c.trades, "taken": text(c.taken), "offered": text(c.offered), "ratio": c.ratio}
            for tier, c in found.capture.items()
        },
    }


def _money(amount: Amount | None) -> str | None:
    return None if amount is None else amount.text()


def _parts(parts: Parts) -> dict[str, object]:
    names = ("premium", "rate", "funding", "fees", "other", "net")
    return {name: getattr(parts, name).text() for name in names}


def _group(group: Group) -> dict[str, object]:
    return {
        "name": group.name,
        "trades": group.figures.trades,
        "win_rate": group.figures.win_rate,
        **_parts(group.parts),
    }


def _day(day: DayEnd, capital: Amount) -> dict[str, object]:
    """What it came to since the run began, and what is exposed."""
    parts = day.parts
    exposed = Amount.total(day.exposed.values(), capital.asset)
    return {
        "day": day.day.isoformat(),
        "until": to_text(day.at_ns),
        "equity": (capital + parts.net).text(),
        **_parts(parts),
        "exposed": exposed.text(),
        "by": [
            {"pair": pair, "tier": tier, "net": each.net.text(), "exposed": _exposed(day, (pair, tier))}
            for (pair, tier), each in day.by.items()
        ],
    }


def _exposed(day: DayEnd, key: Tier) -> str:
    return day.exposed.get(key, Amount.zero(day.beside.asset)).text()


def _trade(trade: Trade, judged: Decimal | None) -> dict[str, object]:
    parts = None if trade.split is None else _parts(Parts.of(trade))
    return {
        **_lot(trade.lot),
        "exited_at": to_text(trade.closed_at_ns),
        "premium_at_decision": None if judged is None else text(judged),
        "entry_premium": None if trade.entry_premium is None else text(trade.entry_premium),
        "exit_premium": None if trade.exit_premium is None else text(trade.exit_premium),
        "net": trade.net.text(),
        "split": parts,
    }


def _lot(lot: Lot) -> dict[str, object]:
    return {
        "lot": lot.id,
        "pair": lot.pair,
        "tier": lot.tier,
        "side": lot.side,
        "entered_at": to_text(lot.opened_at_ns),
        "legs": [
            {"instrument": leg.instrument.text(), "entered": leg.entered.text(), "open": leg.open.text()}
            for leg in lot.legs
        ],
    }


def _lagging(one: Lagging) -> dict[str, object]:
    return {
        "pair": one.pair,
        "tier": one.tier,
        "side": one.side,
        "at": to_text(one.at_ns),
        "again": one.again,
        "back": [amount.text() for amount in one.back],
        "cost": one.cost.text(),
    }


def _cited(rule: str, file: str, line: int, written: str) -> dict[str, object]:
    return {"rule": rule, "file": file, "line": line, "written": written}


def _matrix(found: Correlations) -> dict[str, object]:
    return {"names": list(found.names), "rows": [list(row) for row in found.rows]}
