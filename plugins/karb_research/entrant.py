"""One of those that are held side by side: a file that was carried out over data, or a run that a ledger has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from karb_core.domain.parts import Parts
from karb_core.domain.trade import Trade
from karb_core.ports import App, Asked, Ran
from karb_core.texts.text import Words
from karb_research import labels
from karb_research.figures_shown import percent_of, rounded
from karb_research.study import Study, study_of
from karb_research.trade_figures import trade_figures

_SHORT = 8  # karb: constant because so many letters of an id tell runs apart


@dataclass(frozen=True, slots=True)
class Entrant:
    """`name`: as it is called in the report; `study`: None for a run that a ledger has, which knows no days."""

    name: str
    ran: Ran
    study: Study | None

    def rows(self) -> Iterator[labels.Row]:
        """Its figures, in the order of a report. Of a run only what lots that ended came to is known."""
        if self.study is None:
            yield from _rows_of(self.ran)
        else:
            for rows in (labels.result_rows, labels.risk_rows, labels.trade_rows):
                yield from rows(self.study)


def entrants(app: App, named: Sequence[str], asked: Asked, *, progress: bool) -> list[Entrant]:
    """In their order: files are carried out over data, runs are read, and these first, as what is carried out may get an
    id that begins alike. Errors: KarbErrors, each in one sentence.
    """
    runs = {name: _of_run(app, name, asked) for name in named if not is_file(name)}
    return [runs[name] if name in runs else _of_file(app, name, asked, progress=progress) for name in named]


def is_file(name: str) -> bool:
    """What looks like a file is one; anything else is the beginning of a run's id."""
    return name.endswith((".yaml", ".yml")) or "/" in name


def _of_file(app: App, name: str, asked: Asked, *, progress: bool) -> Entrant:
    study = study_of(app.backtest(name, asked, progress=progress))
    return Entrant(name, app.ran(study.came.run, asked.ledger, name), study)


def _of_run(app: App, name: str, asked: Asked) -> Entrant:
    ran = app.ran(name, asked.ledger)
    return Entrant(ran.run[:_SHORT], ran, None)


def _rows_of(ran: Ran) -> Iterator[labels.Row]:
    for book, trades in ran.trades.items():
        yield from _rows_in(book, trades)
    yield labels.Row("open_lots", Words("lots left open", "열린 채 남은 로트"), Words(str(len(ran.open_lots))))


def _rows_in(book: str, trades: Sequence[Trade]) -> Iterator[labels.Row]:
    found, parts = trade_figures(trades, book), Parts.total((Parts.of(trade) for trade in trades), book)
    for key in ("premium", "rate", "funding", "fees"):
        yield labels.Row(key, labels.HEADS[key], Words(rounded(getattr(parts, key))))
    yield labels.Row("booked", labels.BOOKED, Words(rounded(parts.net)))
    yield labels.Row("trades", labels.ENDED, Words(str(found.trades)))
    yield labels.Row("win_rate", labels.WIN_RATE, Words(percent_of(found.win_rate)))
