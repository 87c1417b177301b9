"""What was drawn again, as text: two tables of percentiles, each beside what was."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.ports import App
from karb_core.texts.text import Words, render
from karb_research import montecarlo_words as words
from karb_research.figures_shown import percent_of, plain
from karb_research.labels import SYNTHETIC
from karb_research.resampled import Resampled
from karb_research.spread import PERCENTILES, Spread
from karb_research.sweep_words import NONE, number


def show(app: App, found: Resampled) -> None:
    if found.came.synthetic:
        app.say(app.style(render(SYNTHETIC, app.lang), "warning"))
    app.say(f"{found.came.name}  {render(words.head(found), app.lang)}")
    _orders(app, found)
    _blocks(app, found)
    app.say()
    app.say(app.style(render(words.MEANING, app.lang), "dim"))


def _orders(app: App, found: Resampled) -> None:
    _title(app, words.ORDERS)
    if found.orders is None:
        app.say(f"  {render(words.NO_TRADE, app.lang)}")
        return
    falls = found.orders.falls
    _table(app, [(words.DRAWDOWN, percent_of(found.orders.fell), [percent_of(falls.at[each]) for each in PERCENTILES])])
    app.say(f"  {render(words.as_deep(found.orders.as_deep), app.lang)}")


def _blocks(app: App, found: Resampled) -> None:
    _title(app, words.BLOCKS)
    if found.blocks is None:
        app.say(f"  {render(words.NO_DAYS if found.came.curve is None else words.NO_RETURN, app.lang)}")
        return
    capital, blocks = found.came.capital, found.blocks
    nets = [plain(words.money(capital, blocks.total_return.at[each])) for each in PERCENTILES]
    was = found.came.curve
    assert was is not None
    falls = [percent_of(blocks.max_drawdown.at[each]) for each in PERCENTILES]
    _table(
        app,
        [
            (words.NET, plain(was.last - was.first), nets),
            (words.DRAWDOWN, percent_of(found.max_drawdown), falls),
            (words.SHARPE, number(found.sharpe), _ratios(blocks.sharpe)),
        ],
    )


def _table(app: App, rows: Sequence[tuple[Words, str, Sequence[str]]]) -> None:
    head = ["", render(words.AS_IT_WAS, app.lang), *(f"{each}%" for each in PERCENTILES)]
    told = [(f"  {render(label, app.lang)}", was, *cells) for label, was, cells in rows]
    app.table([head, *told], right=range(1, len(head)))


def _ratios(spread: Spread | None) -> list[str]:
    return [NONE if spread is None else number(spread.at[each]) for each in PERCENTILES]


def _title(app: App, title: Words) -> None:
    app.say()
    app.say(app.style(render(title, app.lang), "note"))
