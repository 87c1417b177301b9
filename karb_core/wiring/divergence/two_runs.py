"""Two recorded runs of the same rules over the same market held against each other: paper against live, each part with its cause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.errors import UsageMistake
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Lived, Run
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Said, Text
from karb_core.wiring.divergence.asked_run import AskedRun
from karb_core.wiring.divergence.closes import KeptCloses
from karb_core.wiring.divergence.held import HeldLots, Worth, held_lots
from karb_core.wiring.divergence.kept_market import KeptMarket, kept_market
from karb_core.wiring.divergence.row import Row, total
from karb_core.wiring.divergence.rows_between import Side, rows_between
from karb_core.wiring.recorder import journal_folder
from karb_core.wiring.strategy_of import strategy_of

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
#: What rows say of a backtest is said of the other run.
_OF_RUN = {
    "parity.quantity": "parity.quantity.run",
    "parity.fill": "parity.fill.run",
    "parity.fees": "parity.fees.run",
    "parity.funding": "parity.funding.run",
    "parity.rate": "parity.rate.run",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run, where it is kept, and what it ran by."""

    ledger: Ledger
    lived: Lived
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class TwoRuns:
    """rows: every part of `net` less `other_net`. lots: how many of each, the run's first; captured: what the premium
    alone brought the other and the run, costs apart: what a difference is small or large beside.
    """

    run: Run
    other: Run
    span_ns: tuple[int, int]
    lots: tuple[int, int]
    net: Amount
    other_net: Amount
    captured: tuple[Amount, Amount]
    rows: tuple[Row, ...]

    @property
    def apart(self) -> Amount:
        return self.net - self.other_net

    @property
    def rest(self) -> Amount:
        return self.apart - total(self.rows, self.net.asset)

    @property
    def unexplained(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.why is None)

    @property
    def holds(self) -> bool:
        """Whether each difference has its cause."""
        return not self.rest.value and not self.unexplained


def two_runs(mine: Recorded, other: Recorded) -> TwoRuns:
    """The market is the one that `mine` recorded. What is open counts at its last prices.

    Errors: UsageMistake for a run that goes on, and for other rules; `LedgerUnusable` for inputs that were not kept.
    """
    for each in (mine, other):
        if each.lived.ended_at_ns is None:
            raise UsageMistake(Text("parity.not_ended", {"run": each.lived.run.id}))
    if mine.lived.run.rules_digest != other.lived.run.rules_digest:
        raise UsageMistake(Text("parity.unlike", {"run": mine.lived.run.id, "other": other.lived.run.id}))
    kept = kept_market(journal_folder(mine.ledger.name, mine.lived.run.id))
    strategy = strategy_of(mine.rulebook, {})
    closes = KeptCloses(kept, strategy.signal.rows().length_ns)
    ended_ns = max(_span(mine)[1], _span(other)[1])
    worth = _worth(kept, closes, ended_ns, strategy.terms.book)
    sides = [_side(each, worth) for each in (mine, other)]
    rows = tuple(_said(row) for row in rows_between(sides[0], sides[1], closes.at, worth))
    nets, counts = [side.lots.net for side in sides], [len(side.lots.own) for side in sides]
    captured = tuple(_captured(side.lots, worth.book) for side in sides)
    return TwoRuns(
        run=mine.lived.run,
        other=other.lived.run,
        span_ns=(min(_span(mine)[0], _span(other)[0]), ended_ns),
        lots=(counts[0], counts[1]),
        net=nets[0],
        other_net=nets[1],
        captured=(captured[0], captured[1]),
        rows=rows,
    )


def _side(recorded: Recorded, worth: Worth) -> Side:
    """What was open before counts like what the run opened: the other may have had it too."""
    run = recorded.lived.run
    kept = kept_market(journal_folder(recorded.ledger.name, run.id))
    lots = held_lots(recorded.ledger, run, _span(recorded), worth)
    every = tuple(sorted((*lots.own, *lots.earlier), key=lambda held: (held.entered_ns, held.lot.id)))
    return Side(AskedRun(recorded.ledger, run, recorded.rulebook, kept.stopped), replace(lots, own=every, earlier=()))


def _span(recorded: Recorded) -> tuple[int, int]:
    assert recorded.lived.ended_at_ns is not None
    return recorded.lived.started_at_ns, recorded.lived.ended_at_ns


def _worth(kept: KeptMarket, closes: KeptCloses, ended_ns: int, book: str) -> Worth:
    def last(instrument: Instrument) -> Decimal:
        return closes.at(instrument, ended_ns)

    def rate(seat: str) -> Decimal | None:
        points = kept.rates[seat].points if seat in kept.rates else []
        known = [value for at_ms, value in points if at_ms * _NS <= ended_ns]
        return known[-1] if known else None

    return Worth(book, ended_ns, last, rate)


def _captured(lots: HeldLots, book: str) -> Amount:
    """Of every lot, without its sign: a lot that lost does not make the others' difference larger."""
    brought = (held.premium for held in lots.own)
    return Amount(exact.total(exact.absolute(each.value) for each in brought if each is not None), book)


def _said(row: Row) -> Row:
    return replace(row, why=_of_run(row.why))


def _of_run(why: Said | None) -> Said | None:
    return replace(why, key=_OF_RUN[why.key]) if isinstance(why, Text) and why.key in _OF_RUN else why
