"""What a walk forward's table calls things, in both languages, and how it shows figures."""

from __future__ import annotations

from decimal import Decimal

from karb_core.ports import PointRefused
from karb_core.texts.text import Words
from karb_research.figures import Figures, Measure
from karb_research.figures_shown import percent_of, plain
from karb_research.sweep_file import Take
from karb_research.sweep_words import NONE, number
from karb_research.walked import WalkRow
from karb_research.windows import Laid

_PERCENTS = frozenset({"max_drawdown", "annual_return", "volatility", "win_rate"})
HEADS = {
    "window": Words("window", "창"),
    "in_sample": Words("in sample", "표본 안"),
    "out_of_sample": Words("out of sample", "표본 밖"),
    "point": Words("point", "점"),
    "in": Words("in", "안"),
    "out": Words("out", "밖"),
    "net_in": Words("net in", "순손익 안"),
    "net_out": Words("net out", "순손익 밖"),
    "efficiency": Words("efficiency", "효율"),
}
JOINED = Words("Out of sample, joined", "표본 밖을 이어서")
FIGURES: tuple[tuple[Measure | None, Words], ...] = (
    (None, Words("days", "일수")),
    ("net", Words("net", "순손익")),
    ("trades", Words("trades that ended", "끝난 거래")),
    ("annual_return", Words("return of a year", "연 수익률")),
    ("volatility", Words("volatility of a year", "연 변동성")),
    ("sharpe", Words("Sharpe", "샤프")),
    ("max_drawdown", Words("deepest drawdown", "최대 낙폭")),
    ("win_rate", Words("win rate", "승률")),
)
MEANING = Words(
    "efficiency: net a day out of sample over net a day in sample (Pardo 2008); every stretch begins with the capital and"
    " nothing open, and adds to the one before",
    "효율: 표본 밖 하루 순손익 / 표본 안 하루 순손익 (Pardo 2008); 모든 기간은 자본금으로, 열린 것 없이 시작하고 앞의 결과에 더합니다",
)
NO_ADVICE = Words(
    "Points were taken by the study's own sentence. Nothing here is advice, and no file was changed.",
    "점은 연구에 쓴 문장대로 골랐습니다. 권하는 값이 아니며, 어떤 파일도 바꾸지 않았습니다.",
)


def head(laid: Laid, take: Take, *, rolling: bool, points: int) -> Words:
    kind = Words("rolling", "이동") if rolling else Words("anchored", "고정")
    count = len(laid.windows)
    end = {"highest": Words("highest", "가장 높은"), "lowest": Words("lowest", "가장 낮은")}[take.towards]
    en = f"{count} {kind.en} windows, {points:,} points in each; the one with the {end.en} {take.measure} is taken"
    ko = f"{kind.ko} 창 {count}개, 창마다 점 {points:,}개, {take.measure}이(가) {end.ko} 점을 고름"
    if not laid.left:
        return Words(en, ko)
    return Words(f"{en}; days left at the end: {laid.left}", f"{ko}; 마지막 {laid.left}일은 남음")


def why_nothing(row: WalkRow, take: Take) -> Words | None:
    """Why a window has nothing out of sample; None where it has."""
    if row.walk.taken is None:
        said = f"no point has a {take.measure} in sample", f"표본 안에서 {take.measure}이(가) 있는 점이 없습니다"
        return Words(*said)
    return row.walk.came.why if isinstance(row.walk.came, PointRefused) else None


def told(figures: Figures | None, measure: Measure) -> str:
    """`·` for what has no meaning."""
    value = None if figures is None else figures.measure(measure)
    if figures is None or value is None:
        return NONE
    if measure == "net":
        return plain(figures.net)
    if isinstance(value, Decimal):
        return f"{value:,}"
    return percent_of(value) if measure in _PERCENTS else number(value)
