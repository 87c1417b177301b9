"""What a run came to, as a table or as JSON."""

from __future__ import annotations

from decimal import Decimal

from karb_core.cli.instants import instant
from karb_core.cli.lot_json import entered_json, held_json, maybe_text, open_json, paid_json
from karb_core.cli.terminal import Terminal, padded
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding, divide, text
from karb_core.domain.trade import Trade
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, decisions
from karb_core.rulebook.percent import percent
from karb_core.texts.text import Text
from karb_core.wiring.backtest_parts import Furnished
from karb_core.wiring.paper_loss import worst_paper_loss
from karb_core.wiring.summary import Summary, summary_of
from karb_core.wiring.trades import trades_of

_HOUR = 3_600_000_000_000  # karb: constant because an hour has so many nanoseconds
_STEP = Decimal("0.0001")  # karb: constant because it is a step of display


def show_results(terminal: Terminal, made: Furnished, ledger: Ledger, where: str, form: str) -> None:
    run = made.backtest
    terms = run.strategy.terms
    trades = trades_of(run.desk.books.closed, terms.book)
    decided = list(decisions(ledger, Whose(made.run.account, run_id=made.run.id)))
    still = run.desk.books.open_lots()
    longest = max(
        (run.span[1] * 1_000_000 - lot.opened_at_ns for lot in still), default=0
    )  # karb: constant because of units
    summary = summary_of(trades, decided, len(still), terms.capital, worst_paper_loss(run), longest)
    if form == "json":
        told = {
            "run": made.run.id,
            "ledger": where,
            "summary": _summary_json(summary),
            "trades": [_trade_json(t) for t in trades],
            "open_lots": [open_json(lot) for lot in still],
        }
        terminal.json({"strategy": terms.strategy, "mode": "backtest", **told, "denials": _denials(decided)})
        return
    _table(terminal, summary, made, where)


def _table(terminal: Terminal, s: Summary, made: Furnished, where: str) -> None:
    capital = made.backtest.strategy.terms.capital
    tiers = ", ".join(f"{tier} {n}" for tier, n in sorted(s.by_tier.items()))
    sides = ", ".join(f"{side} {n}" for side, n in sorted(s.by_side.items()))
    rows = [
        ("trades", f"{s.trades}   {tiers}   {sides}".rstrip()),
        *((name, _money(getattr(s, name))) for name in ("premium", "rate", "funding", "fees", "net")),
        ("drawdown", terminal.say(Text("sum.of_capital", {"share": percent(s.drawdown)}))),
        ("longest", _length(terminal, s.longest_ns)),
        ("worst", percent(s.worst_loss) if s.worst_loss is not None else terminal.say(Text("sum.none"))),
        ("refusals", ", ".join(f"{rule} {n}" for rule, n in s.refusals.items()) or terminal.say(Text("sum.none"))),
        ("starved", ", ".join(f"{what} {n}" for what, n in s.starved.items()) or terminal.say(Text("sum.none"))),
        ("open", str(s.open_lots)),
        ("assumptions", made.run.assumptions_digest[:19]),
        ("run", made.run.id),
        ("ledger", where),
    ]
    share = divide(s.net.value, capital.value, _STEP, Rounding.HALF_EVEN)
    terminal.out("")
    for name, value in rows:
        more = f"   ({percent(share)})" if name == "net" else ""
        terminal.out(f"  {padded(terminal.say(Text(f'sum.{name}')), 34)} {value}{more}")


def _money(amount: Amount) -> str:
    return f"{divide(amount.value, Decimal(1), Decimal(1), Rounding.HALF_EVEN):+,f} {amount.asset}"


def _length(terminal: Terminal, ns: int) -> str:
    hours = ns // _HOUR
    if hours >= 48:  # karb: constant because it is a choice of words
        return terminal.say(Text("sum.days", {"days": hours // 24}))  # karb: constant because a day has 24 hours
    return terminal.say(Text("sum.hours", {"hours": hours}))


def _trade_json(trade: Trade) -> dict[str, object]:
    lot, parts = trade.lot, trade.split
    return {
        **entered_json(lot),
        "exited_at": instant(trade.closed_at_ns),
        **held_json(lot),
        "entry_premium": maybe_text(trade.entry_premium),
        "exit_premium": maybe_text(trade.exit_premium),
        **paid_json(lot),
        "net": trade.net.text(),
        "split": {n: getattr(parts, n).text() for n in ("premium", "rate", "funding", "fees")} if parts else None,
    }


def _denials(decided: list[Written]) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for d in decided:
        if d.kind.value == "refusal":
            denied = d.document()["denied"]
            out.append(
                {
                    "pair": d.pair, "tier": d.tier, "side": d.side, "rules": [each["rule"] for each in denied],
                    "first_at": instant(d.first_at_ns), "last_at": instant(d.last_at_ns), "count": d.times,
                }
            )  # fmt: skip
    return out


def _summary_json(s: Summary) -> dict[str, object]:
    money = {name: getattr(s, name).text() for name in ("premium", "rate", "funding", "fees", "net")}
    counts = {"trades": s.trades, "by_tier": s.by_tier, "by_side": s.by_side, "open_lots": s.open_lots}
    worst = text(s.worst_loss) if s.worst_loss is not None else None
    rest = {"drawdown": text(s.drawdown), "longest_hours": s.longest_ns // _HOUR, "worst_paper_loss": worst}
    return {**counts, **money, **rest, "refusals": s.refusals, "starved": s.starved}
