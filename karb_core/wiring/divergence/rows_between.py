"""Every row between two runs: of lots that both have, that only one has, and of what is no lot's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karb_core.domain.amount import Amount
from karb_core.texts.text import Said, Text
from karb_core.wiring.divergence.asked_run import AskedRun
from karb_core.wiring.divergence.differing import Closes, Reasons, differing
from karb_core.wiring.divergence.held import Held, HeldLots, Worth
from karb_core.wiring.divergence.matched import Matched, matched
from karb_core.wiring.divergence.reasons import why_not_entered, why_not_left
from karb_core.wiring.divergence.row import Cause, Row


@dataclass(frozen=True, slots=True)
class Side:
    """One run: what can be asked of it, and its lots."""

    asked: AskedRun
    lots: HeldLots


def rows_between(run: Side, backtest: Side, closes: Closes, worth: Worth) -> Iterator[Row]:
    """Every part of the run's result less the backtest's, each with its cause."""
    found = matched(run.lots.own, backtest.lots.own, worth.ended_ns)
    for side in (run, backtest):
        side.asked.remembers(_moments(found))
    for one in run.lots.earlier:
        yield _whole(Cause.EARLIER, one, one.net, Text("parity.earlier"))
    for one in found.only_run:
        why = why_not_entered(backtest.asked, one, worth.ended_ns, backtest.lots.own)
        yield _whole(Cause.ONLY_RUN, one, one.net, why)
    for one in found.only_backtest:
        why = why_not_entered(run.asked, one, worth.ended_ns, run.lots.own)
        yield _whole(Cause.ONLY_BACKTEST, one, -one.net, why)
    for mine, other in found.both:
        reasons = _reasons(mine, other, run, backtest, worth.ended_ns)
        yield from differing(mine, other, closes, worth.ended_ns, reasons, worth.book)
    beside = run.lots.beside - backtest.lots.beside
    if beside.value:
        yield Row(Cause.BESIDE, "", None, "", worth.ended_ns, None, beside, Text("parity.beside"))


def _whole(cause: Cause, held: Held, amount: Amount, why: Said | None) -> Row:
    return Row(cause, held.lot.pair, held.lot.tier, held.lot.side, held.entered_ns, None, amount, why)


def _moments(found: Matched) -> set[tuple[str, int]]:
    """Those at which one of the two did something that the other may not have done."""
    out: set[tuple[str, int]] = set()
    for held in (*found.only_run, *found.only_backtest, *(each for pair in found.both for each in pair)):
        out |= {(held.lot.pair, at_ns) for at_ns in (held.entered_ns, held.left_ns) if at_ns is not None}
    return out


def _reasons(mine: Held, other: Held, run: Side, backtest: Side, ended_ns: int) -> Reasons:
    """The one that was later is asked why, at the moment of the earlier."""
    entered = left = None
    if mine.entered_ns < other.entered_ns:
        entered = why_not_entered(backtest.asked, mine, ended_ns, backtest.lots.own)
    elif other.entered_ns < mine.entered_ns:
        entered = why_not_entered(run.asked, other, ended_ns, run.lots.own)
    if _left_first(mine, other):
        left = why_not_left(backtest.asked, other, run.asked, mine, ended_ns)
    elif _left_first(other, mine):
        left = why_not_left(run.asked, mine, backtest.asked, other, ended_ns)
    return Reasons(entered, left)


def _left_first(one: Held, other: Held) -> bool:
    return one.left_ns is not None and (other.left_ns is None or one.left_ns < other.left_ns)
