"""What a dataset cannot show, however honestly a strategy reads it: notes for whoever believes the result."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.domain.instant import to_text
from karb_core.ports import Piecewise
from karb_core.texts.text import Words
from karb_research.examined import Examined

_DAY_MS = 86_400_000  # karb: constant because a day of UTC has so many milliseconds


def unshown(over: Piecewise, examined: Examined) -> tuple[Words, ...]:
    """First of the data, then of what could not be tried over them."""
    return (
        *_made_up(over),
        *_survivors(over),
        *_facts(over),
        *_funding(over),
        *_rates(over),
        *_standing(over),
        *_untried(examined),
    )


def _made_up(over: Piecewise) -> Iterator[Words]:
    if over.synthetic:
        yield Words(
            "the data are synthetic: no coin of them was ever listed late or delisted",
            "가상의 데이터입니다: 늦게 상장되거나 상장 폐지된 코인이 없습니다",
        )


def _survivors(over: Piecewise) -> Iterator[Words]:
    """Of what begins or ends apart from the rest by more than a row; else of what all of them have in common."""
    first = min(one.opened_ns for one in over.instruments.values())
    last = max(one.closed_ns for one in over.instruments.values())
    for instrument, one in over.instruments.items():
        name = instrument.text()
        if one.opened_ns - first > over.row_ns:
            at = to_text(one.opened_ns)
            yield Words(
                f"{name} begins late, at {at}: nothing of any pair is judged before",
                f"{name}의 데이터가 {at}에야 시작합니다: 어느 페어도 그 전은 판단하지 않습니다",
            )
        if last - one.closed_ns > over.row_ns:
            at = to_text(one.closed_ns)
            yield Words(
                f"{name} ends early, at {at}: the run ends there, and what was open then is not left",
                f"{name}의 데이터가 {at}에 끝납니다: 실행도 거기서 끝나고 그때 열린 것은 청산되지 않습니다",
            )
    if not over.synthetic and all(last - one.closed_ns <= over.row_ns for one in over.instruments.values()):
        yield Words(
            f"all {len(over.instruments)} instruments trade to the end: pairs that stopped trading are not in these data, and"
            " whoever chose the ones that are knew that they would last",
            f"{len(over.instruments)}개 종목이 모두 끝까지 거래됩니다: 거래가 끝난 페어는 이 데이터에 없고, 남을 종목을 알고 고른"
            " 것입니다",
        )


def _facts(over: Piecewise) -> Iterator[Words]:
    always = [instrument.text() for instrument, one in over.instruments.items() if one.facts_from_ns is None]
    if always:
        names = ", ".join(always)
        yield Words(
            f"steps, least amounts and margins are stated for all time, whatever the venue asked then: {names}",
            f"호가 단위, 최소 수량, 증거금이 기간 전체에 하나로 적혀 있습니다. 당시와 다를 수 있습니다: {names}",
        )


def _funding(over: Piecewise) -> Iterator[Words]:
    missing = [instrument.text() for instrument, one in over.instruments.items() if one.funding_missing]
    if missing:
        names = ", ".join(missing)
        yield Words(
            f"no funding was recorded, so none is paid: {names}", f"펀딩 기록이 없어 펀딩을 내지 않습니다: {names}"
        )


def _rates(over: Piecewise) -> Iterator[Words]:
    """A value that is known at midnight of UTC, always, is mostly one that is stamped with its day."""
    for rate in {rate.name: rate for rate in over.rates.values()}.values():
        times = rate.published_ms
        if len(times) > 1 and not (times % _DAY_MS).any():
            yield Words(
                f"{rate.place}: every value of `{rate.name}` is known at 00:00 UTC: if it is published later in its day, state"
                " how much later (after)",
                f"{rate.place}: `{rate.name}`의 값을 모두 00:00 UTC에 안다고 되어 있습니다. 그날 늦게 발표된다면 얼마나 늦은지"
                " 쓰세요 (after)",
            )


def _standing(over: Piecewise) -> Iterator[Words]:
    if over.on_tops:
        yield Words(
            "orders trade at the top that stands when they arrive, which may be the one they were decided by: how long they"
            " travel is what your file assumes",
            "주문은 도착할 때의 호가에 체결되며, 판단에 쓴 호가와 같을 수 있습니다: 도착까지 걸리는 시간은 파일의 가정입니다",
        )


def _untried(examined: Examined) -> Iterator[Words]:
    if not examined.filled:
        yield Words(
            "no order filled at a cut: at which prices orders fill was not tried",
            "데이터를 자른 시점에 체결이 없었습니다: 체결 가격은 시험하지 못했습니다",
        )
    if not examined.begun:
        yield Words(
            "the data were not begun later: whether a row depends on where they begin was not tried",
            "데이터를 늦게 시작해 보지 않았습니다: 시작 시점에 따라 달라지는지 시험하지 못했습니다",
        )
