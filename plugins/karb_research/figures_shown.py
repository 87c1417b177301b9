"""How a report of a run writes money, ratios and times."""

from __future__ import annotations

from karb_core.domain.amount import Amount
from karb_core.rules.shown import shown
from karb_core.texts.text import Words
from karb_research.trade_figures import TradeFigures

_HOUR = 3_600_000_000_000  # karb: constant because an hour has so many nanoseconds
_DAY_HOURS = 24  # karb: constant because a day has 24 hours
_WORDS_FROM = 48  # karb: constant because it is a choice of words
_TINY = 0.0005  # karb: constant because it is a step of display
_HUGE = 100.0  # karb: constant because it is a step of display


def rounded(amount: Amount) -> str:
    """Shape: `+2,486,660 KRW`."""
    return f"{plain(amount)} {amount.asset}"


def plain(amount: Amount) -> str:
    """Without its asset, rounded as karb rounds for reading, with its sign."""
    told = shown(amount.text())[0].partition(" ")[0]
    return f"+{told}" if amount.value > 0 else told


def percent_of(value: float | None) -> str:
    """Shape: `6.22%`, `0.013%` for what is small; `·` for none."""
    if value is None:
        return "·"
    places = 3 if value and abs(value) < _TINY else 0 if abs(value) >= _HUGE else 2  # karb: constant because of display
    return f"{value:,.{places}%}"


def length(ns: int) -> Words:
    hours = ns // _HOUR
    if hours >= _WORDS_FROM:
        return Words(f"{hours // _DAY_HOURS} days", f"{hours // _DAY_HOURS}일")
    return Words(f"{hours} hours", f"{hours}시간")


def won_lost(figures: TradeFigures) -> str:
    """Shape: `67%`; `·` without a trade."""
    return "·" if figures.win_rate is None else f"{figures.win_rate:.0%}"
