"""What a report calls its figures, in both languages, and how it writes them. Text and page say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from karb_core.domain.amount import Amount
from karb_core.texts.text import Words
from karb_research.breakdown import Group
from karb_research.figures_shown import length, percent_of, plain, rounded, won_lost
from karb_research.study import Study

NONE = Words("none", "없음")
SYNTHETIC = Words(
    "THE DATA ARE SYNTHETIC: what is earned here says nothing about markets.",
    "데이터는 가상입니다: 여기의 수익은 시장에 대해 아무것도 말해 주지 않습니다.",
)
SECTIONS = {
    "result": Words("What it came to", "결과"),
    "risk": Words("Return and risk", "수익과 위험"),
    "trades": Words("Trades", "거래"),
    "pairs": Words("By pair", "페어별"),
    "tiers": Words("By tier", "단계별"),
    "months": Words("By month (Korea)", "월별 (한국 시간)"),
    "refused": Words("Refusals by your lines", "당신의 줄이 거부한 횟수"),
    "lagged": Words("Plans of which a leg lagged", "한쪽 다리가 늦은 주문"),
}
HEADS = {
    "name": Words(""),
    "trades": Words("trades", "거래"),
    "won": Words("won", "이긴 비율"),
    "premium": Words("premium", "프리미엄"),
    "rate": Words("exchange rate", "환율"),
    "funding": Words("funding", "펀딩"),
    "fees": Words("fees", "수수료"),
    "net": Words("net", "순손익"),
    "line": Words("line", "줄"),
    "written": Words("as written", "쓴 값"),
    "episodes": Words("times", "횟수"),
    "judged": Words("rows judged", "판단한 봉"),
    "ways": Words("holds up", "막은 것"),
}

BOOKED = Words("of that booked by trades that ended", "그중 끝난 거래로 확정")
ENDED = Words("trades that ended", "끝난 거래")
WIN_RATE = Words("win rate", "승률")
_WAYS = {"entry": Words("entry", "진입"), "exit": Words("exit", "청산")}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its name in JSON, what it is called, its value as people read it."""

    key: str
    label: Words
    told: Words


def result_rows(study: Study) -> Iterator[Row]:
    parts, came = study.parts, study.came
    for key in ("premium", "rate", "funding", "fees"):
        yield _money(key, HEADS[key], getattr(parts, key))
    if parts.other.value:
        yield _money("other", Words("no premium's", "프리미엄이 아닌 것"), parts.other)
    share = percent_of(study.metrics.total_return)
    told = Words(f"{rounded(parts.net)}   ({share})")
    yield Row("net", Words("net, open lots at the last prices", "순손익 (열린 로트는 마지막 가격)"), told)
    yield _money("booked", BOOKED, study.booked)
    still = parts.net - study.booked
    yield _money("still", Words("of that open, and by the rate since", "그중 열린 로트와 그 뒤의 환율"), still)
    yield _plain("open_lots", Words("lots left open", "열린 채 남은 로트"), str(len(came.open_lots)))
    equity = rounded(study.metrics.equity).removeprefix("+")
    yield _plain("equity", Words("equity at the end", "마지막 자산"), equity)


def risk_rows(study: Study) -> Iterator[Row]:
    found = study.metrics
    yield Row("days", Words("days", "일수"), Words(str(found.days)))
    yield _ratio("annual_return", Words("return of a year", "연 수익률"), found.annual_return)
    yield _ratio("volatility", Words("volatility of a year", "연 변동성"), found.volatility)
    for key, label in (("sharpe", Words("Sharpe", "샤프")), ("sortino", Words("Sortino", "소르티노")),
                       ("calmar", Words("Calmar", "칼마"))):  # fmt: skip
        yield _number(key, label, getattr(found, key))
    fell = found.drawdown
    yield _ratio("drawdown", Words("deepest drawdown", "최대 낙폭"), fell.deepest if fell else None)
    lasted = Words(f"{fell.days} day{'s' * (fell.days != 1)}", f"{fell.days}일") if fell else NONE
    yield Row("drawdown_days", Words("longest drawdown", "가장 긴 낙폭 기간"), lasted)
    yield _ratio("value_at_risk", Words("VaR, a day in twenty", "VaR (20일에 하루)"), found.value_at_risk)
    yield _ratio("cvar", Words("CVaR, those days' mean", "CVaR (그 날들의 평균)"), found.conditional_value_at_risk)
    use = found.use
    yield _times("turnover", Words("turnover of a year", "연 회전율"), use.turnover)
    yield _ratio("exposure", Words("exposure, mean of days", "평균 노출"), use.exposure)
    yield _ratio("time_in_trade", Words("time in trade", "보유 시간 비율"), use.time_in_trade)


def trade_rows(study: Study) -> Iterator[Row]:
    """The longest holding and the worst paper loss stand beside the win rate: it means little without them."""
    found, came = study.metrics.trades, study.came
    yield _plain("trades", ENDED, str(found.trades))
    yield _ratio("win_rate", WIN_RATE, found.win_rate)
    yield Row("longest", Words("longest holding", "최장 보유"), length(study.longest_ns))
    worst = None if came.worst_loss is None else float(came.worst_loss)
    yield _ratio("worst_loss", Words("worst paper loss", "최대 평가 손실"), worst)
    yield _money("expectancy", Words("expectancy, a trade", "거래당 기댓값"), found.expectancy)
    yield _number("profit_factor", Words("profit factor", "손익비"), found.profit_factor)
    yield _money("best", Words("best trade", "가장 좋은 거래"), found.best)
    yield _money("worst", Words("worst trade", "가장 나쁜 거래"), found.worst)
    for tier, capture in study.metrics.capture.items():
        name = f" {tier}" if tier else ""
        label = Words(f"captured of the premium offered{name}", f"제공된 프리미엄 중 얻은 비율{name}")
        yield _ratio(f"capture{name.replace(' ', '_')}", label, capture.ratio)


def lagged_rows(study: Study) -> Iterator[Row]:
    came = study.came
    yield _plain("plans", Words("plans carried out", "실행한 주문 묶음"), str(came.plans))
    yield _plain("lagged", Words("of which a leg lagged", "한쪽 다리가 늦은 것"), str(len(came.lagging)))
    back = sum(1 for one in came.lagging if one.back)
    yield _plain("back", Words("traded back", "되돌린 것"), str(back))
    yield _money("lagged_cost", Words("cost beyond the plans' prices", "계획 가격보다 더 든 돈"), study.lagged_cost)


def group_cells(group: Group) -> tuple[str, ...]:
    parts = group.parts
    money = (plain(each) for each in (parts.premium, parts.rate, parts.funding, parts.fees, parts.net))
    return (group.name, str(group.figures.trades), won_lost(group.figures), *money)


def ways_words(ways: Iterable[str]) -> Words:
    """What a line held up: entries, exits, or both."""
    found = [_WAYS[way] for way in ways]
    return Words(", ".join(each.en for each in found), ", ".join(each.ko for each in found))


def _money(key: str, label: Words, amount: Amount | None) -> Row:
    return Row(key, label, NONE if amount is None else Words(rounded(amount)))


def _ratio(key: str, label: Words, value: float | None) -> Row:
    return Row(key, label, NONE if value is None else Words(percent_of(value)))


def _number(key: str, label: Words, value: float | None) -> Row:
    return Row(key, label, NONE if value is None else Words(f"{value:,.2f}"))


def _times(key: str, label: Words, value: float | None) -> Row:
    return Row(key, label, NONE if value is None else Words(f"{value:,.1f}x"))


def _plain(key: str, label: Words, told: str) -> Row:
    return Row(key, label, Words(told))
