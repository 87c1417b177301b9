"""Carries one point out: the whole desk by a changed file, over data that were read once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from karb_core.engine.strategy import Strategy
from karb_core.errors import KarbError
from karb_core.history.dataset import Dataset
from karb_core.history.load import LoadedDataset
from karb_core.history.span import Span
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports.points import Changes, PointCarried, PointRefused, PointResult
from karb_core.rulebook.changed import changed, places_of
from karb_core.rulebook.check import Checked, check_again, check_document
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reader import Document
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Words, render
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.backtested import day_ends_of
from karb_core.wiring.made_columns import MadeColumns
from karb_core.wiring.market_data import MarketData, market_data, market_data_of, need_bars_of
from karb_core.wiring.short_way import ShortWay
from karb_core.wiring.strategy_of import need_runnable, strategy_of
from karb_core.wiring.trades import trades_of
from karb_core.wiring.unkept import Unkept

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_MARK = "bt"


@dataclass(slots=True)
class PointCarrier:
    """`document`: the file as it is; `loaded`: what it needs of `dataset` in `span`. A copy of it in another process gives
    the same results, bit for bit: what it keeps between points is only what any of them would make again. judged_from_ns:
    nothing is judged before, and no day that ended before is told.
    """

    document: Document
    dataset: Dataset
    span: Span
    loaded: LoadedDataset
    judged_from_ns: int = 0
    _made: MadeColumns = field(default_factory=MadeColumns)
    _others: dict[tuple[str, ...], LoadedDataset] = field(default_factory=dict)
    _short: ShortWay = field(default_factory=ShortWay)
    _catalogue: Catalogue | None = None
    _whole: Rulebook | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return PointCarrier, (self.document, self.dataset, self.span, self.loaded, self.judged_from_ns)

    @property
    def catalogue(self) -> Catalogue:
        """What is installed where this works."""
        if self._catalogue is None:
            self._catalogue = Catalogue.installed()
        return self._catalogue

    def result(self, changes: Changes) -> PointResult:
        """Errors: none for what a point asks; whatever is no KarbError is a fault of ours or of a component's."""
        if self._whole is None:
            self._whole = check_document(self.document, self.catalogue).rulebook
        document = changed(self.document, changes)
        checked = (
            check_document(document, self.catalogue)
            if self._whole is None
            else check_again(document, self._whole, places_of(self.document, changes), self.catalogue)
        )
        if checked.errors or checked.rulebook is None:
            return PointRefused(_first(checked))
        try:
            return self._carried(checked.rulebook)
        except KarbError as e:
            return PointRefused(Words(render(e.said, "en"), render(e.said, "ko")))

    def _carried(self, rulebook: Rulebook) -> PointCarried:
        need_runnable(rulebook, "backtest", tells=False)
        given = self._given(rulebook)
        strategy = strategy_of(rulebook, given.data.facts)
        rows = strategy.signal.rows()
        need_bars_of(rows, given.place)
        whole = given.whole(rows.length_ns // _NS)

        def made() -> Backtest:
            return Backtest(
                rulebook,
                strategy,
                given.data,
                given.rates,
                whole,
                Unkept(),
                _MARK,
                made=self._made,
                judged_from_ns=self.judged_from_ns,
            )

        if self.judged_from_ns:  # the short way judges every row
            return self._judged_part(_by_the_desk(rulebook, strategy, made()))
        return self._short.carried(rulebook, strategy, made) or _by_the_desk(rulebook, strategy, made())

    def _judged_part(self, came: PointCarried) -> PointCarried:
        """The days before it had the capital, as nothing was judged."""
        before = sum(at_ns <= self.judged_from_ns for _, at_ns in came.days)
        return replace(came, days=came.days[before:], equity=came.equity.part(before, len(came.equity)))

    def _given(self, rulebook: Rulebook) -> MarketData:
        """A point that trades or is judged by something else needs other series of the same dataset: read when asked for."""
        for loaded in (self.loaded, *self._others.values()):
            given = market_data_of(rulebook, self.dataset, loaded)
            if given is not None:
                return given
        given = market_data(rulebook, self.dataset, self.span)
        self._others[(*map(str, given.data.series), *given.data.rates)] = given.data
        return given


def _by_the_desk(rulebook: Rulebook, strategy: Strategy, run: Backtest) -> PointCarried:
    asyncio.run(run.run())
    trades = trades_of(run.desk.books.closed, strategy.terms.book)
    capital = strategy.terms.capital
    return PointCarried.of_days(
        rules=rulebook.digests.rules,
        capital=capital,
        trades=tuple((trade.closed_at_ns, trade.net) for trade in trades),
        by_day=[(day.day, day.at_ns, capital + day.parts.net) for day in day_ends_of(run)],
        open_lots=len(run.desk.books.open_lots()),
    )


def _first(checked: Checked) -> Words:
    """The first finding with its line, and how many more there are."""
    first, more = checked.errors[0], len(checked.errors) - 1
    en, ko = (_told(checked, first, lang) for lang in ("en", "ko"))
    return Words(f"{en} (+{more})", f"{ko} (+{more})") if more else Words(en, ko)


def _told(checked: Checked, finding: Finding, lang: str) -> str:
    return f"{checked.source.name}:{finding.mark.line}: {finding.code}: {render(finding.said, lang)}"
