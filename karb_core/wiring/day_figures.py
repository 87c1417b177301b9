"""What the day before came to, in lines for the owner's channels."""

from __future__ import annotations

from datetime import timedelta

from karb_core.domain.decisions import DecisionKind, SeenValue
from karb_core.domain.korean_day import day_of
from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ports.notice_words import money
from karb_core.wiring.earned import earned
from karb_core.wiring.kept_lots import kept_lots, trades_by_book

_DAY = timedelta(days=1)


def day_figures(ledger: Ledger, whose: Whose, now_ns: int) -> dict[str, SeenValue]:
    """Facts of a notice: the day of Korea before now's, entries and refusals of it, what closed lots came to, what is open.

    Errors: `LedgerUnusable`.
    """
    day = day_of(now_ns) - _DAY
    entries = refusals = 0
    for decision in reading.decisions(ledger, whose):
        if day_of(decision.last_at_ns) == day:
            entries += decision.kind is DecisionKind.ENTRY
            refusals += decision.times if decision.kind is DecisionKind.REFUSAL else 0
    kept = kept_lots(ledger, whose)
    lines = [(f"entries {entries}, refusals {refusals}", f"진입 {entries}, 거부 {refusals}")]
    by_book, _ = trades_by_book(kept.closed)
    for book, trades in by_book.items():
        mine = [trade for trade in trades if day_of(trade.closed_at_ns) == day]
        net = earned(mine, book).net
        won = sum(trade.net.value > 0 for trade in mine)
        en, ko = (money(net.value, net.asset, at, signed=True) for at in (0, 1))
        lines.append((f"closed {len(mine)} ({won} in profit): {en}", f"청산 {len(mine)}건(이익 {won}건): {ko}"))
    lines.append((f"open lots {len(kept.open)}", f"열린 로트 {len(kept.open)}"))
    facts: dict[str, SeenValue] = {"day": day.isoformat(), "figures": len(lines)}
    for i, (en, ko) in enumerate(lines):
        facts |= {f"figure.{i}.en": en, f"figure.{i}.ko": ko}
    return facts
