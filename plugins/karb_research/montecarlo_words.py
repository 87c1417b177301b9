"""What `karb montecarlo` calls things, in both languages."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.texts.text import Words
from karb_research.resampled import Resampled

ORDERS = Words("The same trades in other orders", "같은 거래를 다른 순서로")
BLOCKS = Words("Days drawn again in blocks", "날을 묶음으로 다시 뽑아")
AS_IT_WAS = Words("as it was", "실제")
DRAWDOWN = Words("deepest drawdown", "최대 낙폭")
NET = Words("net", "순손익")
SHARPE = Words("Sharpe", "샤프")
NO_TRADE = Words(
    "no trade ended: there is nothing to put in another order", "끝난 거래가 없어 순서를 바꿀 것이 없습니다"
)
NO_RETURN = Words("no day has a return: nothing can be drawn", "수익률이 있는 날이 없어 뽑을 것이 없습니다")
NO_DAYS = Words(
    "a ledger knows no days: name the file to draw them", "장부에는 날별 자산이 없습니다. 날을 뽑으려면 파일을 쓰세요"
)
MEANING = Words(
    "A column says what so many of a hundred draws lie at or below. The draws know only what happened in this run.",
    "열은 100번 중 그만큼이 그 값 이하라는 뜻입니다. 뽑은 것은 이 실행에서 일어난 일만 압니다.",
)
_MONEY_PLACES = 8  # karb: constant because it is a step of display


def head(found: Resampled) -> Words:
    drawing, trades = found.drawing, len(found.came.nets)
    en = f"{trades:,} trades; draws {drawing.draws:,}, seed {drawing.seed}"
    ko = f"거래 {trades:,}건; 추첨 {drawing.draws:,}번, 번호 {drawing.seed}"
    if found.came.curve is None or drawing.block is None:
        return Words(en, ko)
    days = found.came.curve.days
    return Words(f"{en}; {days:,} days, blocks of {drawing.block}", f"{ko}; {days:,}일, 묶음 {drawing.block}일")


def as_deep(part: float) -> Words:
    return Words(f"{part:.1%} of the orders fell as deep or deeper", f"순서의 {part:.1%}가 이만큼 또는 더 떨어졌습니다")


def money(capital: Amount, ratio: float) -> Amount:
    """A part of the capital as money. What was drawn is a float: rounded to what a float can mean."""
    whole = exact.mul(capital.value, Decimal(repr(ratio)))
    return Amount(exact.half_even(whole, _MONEY_PLACES), capital.asset)
