"""The report of `karb backtest` as a page: one file that loads nothing, in both languages, for screens and paper."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from karb_core.domain.instant import to_text
from karb_core.texts.text import Words
from karb_research import labels
from karb_research.figures_shown import rounded
from karb_research.page_figures import figures
from karb_research.page_tables import cards, grid, groups, refusals
from karb_research.page_words import both
from karb_research.study import Study

_SCRIPTS = ("scale.js", "chart.js", "page.js")


def page(study: Study, lang: str) -> str:
    """`lang`: the language it opens in. It keeps no more of the run than it shows."""
    filled = {
        "@lang@": lang,
        "@title@": escape(f"{study.came.strategy} - karb"),
        "@style@": _part("page.css"),
        "@body@": "\n".join(_body(study)),
        "@figures@": _inside_a_script(json.dumps(figures(study), separators=(",", ":"), allow_nan=False)),
        "@script@": "\n".join(map(_part, _SCRIPTS)),
    }
    out = []
    for line in _part("page.html").split("\n"):
        mark = next((mark for mark in filled if mark in line), None)
        out.append(line if mark is None else line.replace(mark, filled[mark]))
    return "\n".join(out)


def _part(name: str) -> str:
    return files("karb_research").joinpath("page_parts", name).read_text(encoding="utf-8").rstrip("\n")


def _inside_a_script(text: str) -> str:
    """JSON that cannot end the element it stands in."""
    return text.replace("<", "\\u003c")


def _body(study: Study) -> Iterator[str]:
    yield from _head(study)
    yield '<div class="cards">'
    for key, rows in (("result", labels.result_rows), ("risk", labels.risk_rows), ("trades", labels.trade_rows)):
        yield f"<section>{_title(key)}{cards(rows(study))}</section>"
    yield "</div>"
    yield from _chart(
        "equity", Words("Equity, KST days, open lots at the last prices", "자산 (한국 날짜, 열린 로트는 마지막 가격)")
    )
    yield from _chart("drawdown", Words("Drawdown", "낙폭"))
    yield from _premiums(study)
    for key, mine in (("pairs", study.pairs), ("tiers", study.tiers), ("months", study.months)):
        yield f"{_title(key)}{groups(mine)}"
    yield f"{_title('refused')}{refusals(study.refused)}"
    yield f"{_title('lagged')}{cards(labels.lagged_rows(study))}"
    yield from _alike(study)
    yield from _foot(study)


def _head(study: Study) -> Iterator[str]:
    came = study.came
    yield f"<header><h1>{escape(came.strategy)}</h1>"
    yield '<div class="screen"><button id="switch" type="button"></button> '
    yield f'<button id="print" type="button">{both(Words("Print", "인쇄"))}</button></div></header>'
    span, capital = f"{to_text(came.began_ns)} - {to_text(came.ended_ns)}", rounded(came.capital).removeprefix("+")
    yield f'<p class="dim">{escape(f"backtest, {span}, {came.data}, {capital}")}</p>'
    if came.synthetic:
        yield f'<p class="warning">{both(labels.SYNTHETIC)}</p>'


def _chart(name: str, title: Words) -> Iterator[str]:
    yield f'<h2>{both(title)}</h2><figure id="{name}"></figure>'


def _premiums(study: Study) -> Iterator[str]:
    yield f"<h2>{both(Words('Premium, entries and exits', '프리미엄, 진입과 청산'))}</h2>"
    key = Words(
        "Triangles: entries (up: long premium, down: short). Rings: exits. Drag to look closer, double-click to go back.",
        "삼각형: 진입 (위: 롱 프리미엄, 아래: 숏). 고리: 청산. 끌어서 확대하고 두 번 눌러 되돌립니다.",
    )
    yield f'<p class="dim">{both(key)}</p>'
    for at, (name, premiums) in enumerate(study.premiums.items()):
        yield f"<h3>{escape(name)}</h3>{_legend(two=premiums.booked is not None)}"
        yield f'<figure id="premium-{at}"></figure>'


def _legend(*, two: bool) -> str:
    one = Words("at the rate that judges", "판단 환율 기준") if two else Words("both rates are one", "두 환율이 같음")
    items = [f'<span><i style="background:var(--one)"></i>{both(one)}</span>']
    if two:
        booked = both(Words("at the rate that books", "정산 환율 기준"))
        items.append(f'<span><i style="background:var(--two)"></i>{booked}</span>')
    return f'<div class="legend dim">{"".join(items)}</div>'


def _alike(study: Study) -> Iterator[str]:
    """Edge: one name alone is like itself, which says nothing."""
    grids = [grid(found) for found in (study.of_pairs, study.of_tiers) if len(found.names) > 1]
    if grids:
        yield f"<h2>{both(Words('Correlation of daily results', '일별 손익의 상관'))}</h2>"
        yield from grids


def _title(key: str) -> str:
    return f"<h2>{both(labels.SECTIONS[key])}</h2>"


def _foot(study: Study) -> Iterator[str]:
    came = study.came
    rows: Iterable[Sequence[str]] = (("run", came.run), *came.digests.items())
    yield "<h2>" + both(Words("What ran", "실행한 것")) + "</h2>"
    told = "".join(f'<tr><td>{escape(name)}</td><td class="word">{escape(value)}</td></tr>' for name, value in rows)
    yield f'<div class="wide"><table>{told}</table></div>'
    note = Words(
        "A backtest assumes its fills. What each figure is: docs/reference/metrics.md.",
        "백테스트의 체결은 가정입니다. 각 숫자의 뜻: docs/reference/metrics.ko.md.",
    )
    yield f'<p class="dim">{both(note)}</p>'
