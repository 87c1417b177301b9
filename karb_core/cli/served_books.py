"""One account's books as a server shows them: what the commands that watch have in JSON, and what was written last."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate

from karb_core.cli.instants import instant, whole_seconds
from karb_core.cli.lot_json import entered_json, held_json, maybe_text, paid_json
from karb_core.cli.pnl_command import pnl_json
from karb_core.cli.positions_command import positions_json
from karb_core.cli.standing_json import answered, filled, standing_json
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.orders import Order, Outcome, Rejected, Unknown, is_over
from karb_core.domain.trade import Trade
from karb_core.ledger import reading
from karb_core.ledger.columns import Row
from karb_core.ledger.decisions import Written
from karb_core.ledger.latest import latest_decisions, latest_notices, latest_orders
from karb_core.ledger.ledger import Ledger
from karb_core.ports import Document
from karb_core.wiring.kept_lots import KeptLots, kept_lots, trades_by_book
from karb_core.wiring.standing import Seen, holder, known_until, standing
from karb_core.wiring.whose_books import Books


def books_json(ledger: Ledger, books: Books, now_ns: int, most: int) -> tuple[Document, KeptLots]:
    """The document, and the lots it tells of. `ledger` is frozen. Errors: `LedgerUnusable`."""
    whose = books.whose
    until_ns, kept = known_until(ledger, books, now_ns), kept_lots(ledger, whose)
    stands = tuple(standing(ledger, books, name) for name in books.strategies)
    seen = Seen(ledger.name, books, holder(ledger, books.account), stands, now_ns, until_ns)
    trades, _ = trades_by_book(kept.closed)
    told = {
        "account": books.account,
        "as_of": instant(until_ns),
        "status": standing_json(seen),
        "positions": positions_json(kept, until_ns),
        "stats": _stats(kept, trades, reading.decisions(ledger, whose)),
        "trades": [_trade(one) for one in _newest([t for mine in trades.values() for t in mine], most)],
        "decisions": [_decision(one) for one in latest_decisions(ledger, whose, most)],
        "orders": [_order(*one) for one in latest_orders(ledger, whose, most)],
        "notices": [_notice(row) for row in latest_notices(ledger, whose, most)],
    }
    return told, kept


def _newest(trades: list[Trade], most: int) -> list[Trade]:
    return sorted(trades, key=lambda trade: trade.closed_at_ns, reverse=True)[:most]


def _stats(kept: KeptLots, trades: dict[str, list[Trade]], decided: Iterable[Written]) -> Document:
    """`booked`: by the asset that results are counted in, what closed lots came to after each of them, and the deepest
    fall below the highest."""
    kinds: Counter[str] = Counter()
    gates: Counter[str] = Counter()
    for one in decided:
        kinds[one.kind.value] += 1
        if one.kind is DecisionKind.REFUSAL:
            gates.update({str(denied["rule"]) for denied in one.document()["denied"]})
    booked = {book: _booked(mine) for book, mine in trades.items()}
    by = {each: pnl_json(kept, each, "KST")["closed"] for each in ("day", "pair", "tier")}
    told = {**pnl_json(kept, "pair", "KST"), "closed": by}
    return {**told, "decided": dict(kinds), "refused_by": dict(gates.most_common()), "booked": booked}


def _booked(trades: list[Trade]) -> Document:
    ended = sorted(trades, key=lambda trade: trade.closed_at_ns)
    sums = list(accumulate(trade.net for trade in ended))
    peak = deepest = sums[0] - sums[0]
    for total in sums:
        peak = max(peak, total)
        deepest = max(deepest, peak - total)
    course = [{"at": instant(t.closed_at_ns), "net": total.text()} for t, total in zip(ended, sums, strict=True)]
    won = sum(trade.net.value > 0 for trade in ended)
    return {"net": sums[-1].text(), "drawdown": deepest.text(), "lots": len(ended), "won": won, "course": course}


def _trade(trade: Trade) -> Document:
    parts = trade.split
    return {
        **entered_json(trade.lot),
        "exited_at": instant(trade.closed_at_ns),
        "held_s": whole_seconds(trade.held_ns),
        **held_json(trade.lot),
        "entry_premium": maybe_text(trade.entry_premium),
        "exit_premium": maybe_text(trade.exit_premium),
        "target": maybe_text(trade.lot.target),
        **paid_json(trade.lot),
        "net": trade.net.text(),
        "parts": None
        if parts is None
        else {name: getattr(parts, name).text() for name in ("premium", "rate", "funding", "fees")},
    }


def _decision(d: Written) -> Document:
    """As `karb why` has it in JSON, less the times of its legs."""
    times = {"first_at": instant(d.first_at_ns), "last_at": instant(d.last_at_ns), "times": d.times}
    return {"run": d.run_id, **times, **d.document(), "digest": d.digest}


def _order(order: Order, at_ns: int, answers: tuple[tuple[Outcome, int], ...]) -> Document:
    """`answer`: `none`, `open`, `unknown`, `rejected` or `done`."""
    over = next((told for told, _ in answers if is_over(told)), None)
    last = over or (answers[-1][0] if answers else None)
    why = last.why if isinstance(last, Unknown) else f"{last.code} {last.message}" if isinstance(last, Rejected) else ""
    return {
        "order": order.id,
        "intent": order.intent_id,
        "leg": order.leg,
        "at": instant(at_ns),
        "instrument": order.instrument.text(),
        "side": order.side.value,
        "amount": order.amount.text(),
        "limit": None if order.limit is None else order.limit.text(),
        "filled": filled(order, last).text(),
        "answer": "rejected" if isinstance(over, Rejected) else "done" if over is not None else answered(last),
        "answered_at": instant(answers[-1][1]) if answers else None,
        "why": why,
    }


def _notice(row: Row) -> Document:
    facts = json.loads(row["facts"])
    return {"at": instant(row["at_ns"]), "kind": row["kind"], "pair": row["pair"], "mode": row["mode"], "facts": facts}
