"""The report of `karb backtest` as text: the figures, then by pair, tier and month, then what said no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from karb_core.domain.instant import to_text
from karb_core.ports import App
from karb_core.texts.text import render
from karb_research import labels
from karb_research.breakdown import Group
from karb_research.shown import place
from karb_research.study import Study

_GROUPS = ("name", "trades", "won", "premium", "rate", "funding", "fees", "net")
_REFUSED = ("line", "name", "written", "episodes", "judged", "ways")
_DIGEST = 19  # karb: constant because so much of a digest tells two apart


def show(app: App, study: Study) -> None:
    came = study.came
    first, last = to_text(came.began_ns), to_text(came.ended_ns)
    app.say(f"{came.strategy}  backtest  {first} - {last}  {came.data}")
    if came.synthetic:
        app.say(app.style(render(labels.SYNTHETIC, app.lang), "warning"))
    _rows(app, "result", labels.result_rows(study))
    _rows(app, "risk", labels.risk_rows(study))
    _rows(app, "trades", labels.trade_rows(study))
    for key, groups in (("pairs", study.pairs), ("tiers", study.tiers), ("months", study.months)):
        _groups(app, key, groups)
    _refused(app, study)
    _rows(app, "lagged", labels.lagged_rows(study))
    app.say()
    digest = came.digests["assumptions"][:_DIGEST]
    app.table([("assumptions", digest), ("run", came.run), ("ledger", came.ledger)])


def _title(app: App, key: str) -> None:
    app.say()
    app.say(app.style(render(labels.SECTIONS[key], app.lang), "note"))


def _rows(app: App, key: str, rows: Iterable[labels.Row]) -> None:
    _title(app, key)
    app.table([(f"  {render(row.label, app.lang)}", render(row.told, app.lang)) for row in rows])


def _groups(app: App, key: str, groups: Sequence[Group]) -> None:
    _title(app, key)
    _table(app, [_heads(app, _GROUPS), *(labels.group_cells(group) for group in groups)], left=1)


def _refused(app: App, study: Study) -> None:
    _title(app, "refused")
    if not study.refused:
        app.say(f"  {render(labels.NONE, app.lang)}")
        return
    rows = [
        (
            place(row.by),
            row.by.rule,
            row.by.written,
            str(row.episodes),
            str(row.judged),
            render(labels.ways_words(row.ways), app.lang),
        )
        for row in study.refused
    ]
    _table(app, [_heads(app, _REFUSED), *rows], left=3)  # karb: constant because so many columns are words


def _heads(app: App, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(render(labels.HEADS[key], app.lang) for key in keys)


def _table(app: App, rows: Sequence[Sequence[str]], *, left: int) -> None:
    """All but the first columns stand to the right."""
    app.table([(f"  {row[0]}", *row[1:]) for row in rows], right=range(left, len(rows[0])))
