"""What came of a run over data, for whoever reports it: read from its desk and from its ledger, once it has ended."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from karb_core.domain.amount import Price
from karb_core.domain.decisions import Cited, DecisionKind
from karb_core.domain.instrument import Instrument
from karb_core.ledger import reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ports import Backtested, Refusal
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.backtest_parts import Furnished
from karb_core.wiring.day_ends import Prices, Rates, Rows, run_day_ends
from karb_core.wiring.lagging import lagging_plans
from karb_core.wiring.pair_rows import series_of
from karb_core.wiring.paper_loss import worst_paper_loss
from karb_core.wiring.trades import trades_of

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


def backtested(made: Furnished, ledger: Ledger) -> Backtested:
    """Errors: `LedgerUnusable`; LookupError where something held has no price."""
    run, whose = made.backtest, Whose(made.run.account, run_id=made.run.id)
    terms, data = run.strategy.terms, run.data
    began_ns, ended_ns = run.span[0] * _NS, run.span[1] * _NS
    decided, fills = list(reading.decisions(ledger, whose)), tuple(reading.fills(ledger, whose))
    rows = Rows(tuple(reading.opened_lots(ledger, whose)), fills, tuple(reading.incomes(ledger, whose)))
    closed = run.desk.books.closed
    lagging, plans = lagging_plans(ledger, whose, decided, fills, lambda at: _rates(run, at).get("money"), terms.book)
    return Backtested(
        strategy=terms.strategy,
        run=made.run.id,
        ledger=ledger.name,
        data=data.name,
        synthetic=data.synthetic,
        digests={
            "rules": made.run.rules_digest,
            "assumptions": made.run.assumptions_digest,
            "dataset": data.digest,
        },
        capital=terms.capital,
        began_ns=began_ns,
        ended_ns=ended_ns,
        trades=tuple(trades_of(closed, terms.book)),
        open_lots=run.desk.books.open_lots(),
        days=tuple(run_day_ends(rows, closed, _prices(run), began_ns, ended_ns)),
        refusals=tuple(_refusals(decided)),
        lagging=tuple(lagging),
        plans=plans,
        worst_loss=worst_paper_loss(run),
        judged=_judged(decided),
        series={name: series_of(rows.pair, rows.columns) for name, rows in run.pairs.items()},
    )


def _judged(decided: Iterable[Written]) -> dict[str, Decimal]:
    """A lot has the name of the intent that entered it."""
    entries = [d for d in decided if d.kind is DecisionKind.ENTRY and d.intent_id is not None]
    told = {str(d.intent_id): d.document()["seen"].get("premium") for d in entries}
    return {lot_id: Decimal(premium) for lot_id, premium in told.items() if _is_number(premium)}


def _is_number(told: object) -> bool:
    """A signal may call anything its premium, also what it has no number for."""
    try:
        return Decimal(str(told)).is_finite()
    except ArithmeticError:
        return False


def _prices(run: Backtest) -> Prices:
    rows_of = {leg: rows for rows in run.pairs.values() for leg in rows.pair.legs}
    kinds = {instrument: facts.kind for instrument, facts in run.data.facts.items()}

    def last(instrument: Instrument, at_ns: int) -> Decimal:
        return dict(rows_of[instrument].last_closes(at_ns // _NS))[instrument]

    def rates(at_ns: int) -> Rates:
        return tuple(_rates(run, at_ns).items())

    return Prices(run.strategy.terms.book, kinds, last, rates)


def _rates(run: Backtest, at_ns: int) -> dict[str, Price]:
    return {seat: rate.price for seat, rate in run.rates_at(at_ns).items()}


def _refusals(decided: Iterable[Written]) -> list[Refusal]:
    return [_refusal(decision) for decision in decided if decision.kind is DecisionKind.REFUSAL]


def _refusal(decision: Written) -> Refusal:
    told = decision.document()
    lines = {each["rule"]: each for each in told["cited"]}
    by = tuple(_cited(denied["rule"], lines) for denied in told["denied"])
    return Refusal(
        pair=decision.pair,
        tier=decision.tier,
        side=decision.side,
        kind="exit" if told["lot_ids"] else "entry",
        by=by,
        first_at_ns=decision.first_at_ns,
        last_at_ns=decision.last_at_ns,
        times=decision.times,
    )


def _cited(rule: str, lines: dict[str, Any]) -> Cited:
    """Edge: what is no line of the file (a halt) has line 0 and nothing written."""
    found = lines.get(rule)
    return Cited(rule, "", 0, "") if found is None else Cited(rule, found["file"], found["line"], found["written"])
