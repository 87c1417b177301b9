"""What came of a run over data, for whoever reports it: from its desk and from what it wrote, once it has ended."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from karb_core.domain.amount import Price
from karb_core.domain.decisions import Cited, Decision, DecisionKind
from karb_core.domain.instrument import Instrument
from karb_core.ledger import reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ports import Backtested, DayEnd, Refusal
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
    run, kept = made.backtest, made.backtest.kept
    terms, data = run.strategy.terms, run.data
    began_ns, ended_ns = run.span[0] * _NS, run.span[1] * _NS
    closed = run.desk.books.closed
    sent, money = run.desk.driver.sent, lambda at: _rates(run, at).get("money")
    lagging, plans = lagging_plans(kept.carried, sent, kept.fills, money, terms.book)
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
        days=tuple(day_ends_of(run)),
        refusals=tuple(_refusals(made, ledger)),
        lagging=tuple(lagging),
        plans=plans,
        worst_loss=worst_paper_loss(run),
        judged=_judged(kept.carried),
        series={name: series_of(rows.pair, rows.columns) for name, rows in run.pairs.items()},
    )


def day_ends_of(run: Backtest) -> list[DayEnd]:
    """One for each day of Korea that the run touched. Errors: LookupError where something held has no price."""
    kept = run.kept
    rows = Rows(tuple(kept.lots.values()), tuple(kept.fills), tuple(kept.incomes))
    return run_day_ends(rows, run.desk.books.closed, _prices(run), run.span[0] * _NS, run.span[1] * _NS)


def _judged(carried: Mapping[str, Decision]) -> dict[str, Decimal]:
    """A lot has the name of the intent that entered it. A signal may call anything its premium."""
    entered = {intent: dict(d.seen).get("premium") for intent, d in carried.items() if d.kind is DecisionKind.ENTRY}
    return {lot_id: premium for lot_id, premium in entered.items() if isinstance(premium, Decimal)}


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


def _refusals(made: Furnished, ledger: Ledger) -> list[Refusal]:
    """Read back, as the ledger counts how long each went on."""
    if not made.backtest.kept.refused:
        return []
    decided = reading.decisions(ledger, Whose(made.run.account, run_id=made.run.id))
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
