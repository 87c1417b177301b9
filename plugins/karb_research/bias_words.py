"""The sentences in which `karb bias` tells what it found."""

from __future__ import annotations

from karb_core.domain.instant import to_text
from karb_core.texts.text import Words
from karb_research.found_bias import Found, Kind

KINDS = {
    Kind.LOOK_AHEAD: Words("look-ahead", "미래 참조"),
    Kind.RATE_EARLY: Words("rate known too early", "환율을 너무 일찍 앎"),
    Kind.BOOKED_EARLY: Words("booked at a rate too early", "너무 이른 환율로 기록"),
    Kind.RECURSION: Words("recursion", "시작 시점 의존"),
    Kind.UNREPEATABLE: Words("not repeatable", "반복 불가"),
    Kind.OWN_PRICE: Words("fill at the signal's own price", "신호 가격에 체결"),
    Kind.FILL_AHEAD: Words("fill that looks ahead", "체결의 미래 참조"),
}


def sentence(found: Found) -> Words:
    """What is wrong, of what."""
    what, pair = found.what, found.pair
    match found.kind:
        case Kind.LOOK_AHEAD if what == "decision":
            return Words(
                f"it decides otherwise for {pair} without the later data, though it is given the same: it keeps something",
                f"받은 값이 같은데도 뒤의 데이터가 없으면 {pair}의 결정이 달라집니다: 무언가를 간직하고 있습니다",
            )
        case Kind.LOOK_AHEAD if what == "top":
            return Words(
                f"the prices at which {pair} would be traded rest on what came later",
                f"{pair}의 거래 예상 가격이 나중의 데이터에 달려 있습니다",
            )
        case Kind.LOOK_AHEAD:
            return Words(
                f"`{what}` of {pair} rests on what came later", f"{pair}의 `{what}`가 나중의 데이터에 달려 있습니다"
            )
        case Kind.BOOKED_EARLY:
            return Words(
                f"fills are booked at a rate of the `{what}` seat that was not published yet, and gates are shown it",
                f"아직 발표되지 않은 `{what}` 환율로 체결을 기록하고, 게이트도 그 환율을 봅니다",
            )
        case Kind.RATE_EARLY:
            return Words(
                f"`{what}` of {pair} rests on a rate that was not published yet",
                f"{pair}의 `{what}`가 아직 발표되지 않은 환율에 달려 있습니다",
            )
        case Kind.RECURSION if what == "decision":
            return Words(
                f"it decides otherwise for {pair} where the series begins later",
                f"데이터가 늦게 시작하면 {pair}의 결정이 달라집니다",
            )
        case Kind.RECURSION:
            return Words(
                f"`{what}` of {pair} depends on where the series begins",
                f"{pair}의 `{what}`가 데이터의 시작 시점에 따라 달라집니다",
            )
        case Kind.UNREPEATABLE:
            return Words(
                f"`{what}` of {pair} is another each time, over the same data; nothing more was tried",
                f"같은 데이터인데 {pair}의 `{what}`가 매번 다릅니다. 더 시험하지 않았습니다",
            )
        case Kind.OWN_PRICE:
            return Words(
                f"an order of {pair} filled at a price that was known when it was decided",
                f"{pair}의 주문이 결정할 때 이미 알던 가격에 체결되었습니다",
            )
        case Kind.FILL_AHEAD:
            return Words(
                f"the price of a fill of {pair} rests on what came after it",
                f"{pair}의 체결 가격이 체결 뒤의 데이터에 달려 있습니다",
            )


def evidence(found: Found) -> Words:
    """When it first showed, what was there with all data and with a part of them, and by how much that differs."""
    at, piece = to_text(found.at_ns), to_text(found.piece_ns)
    whole, other = found.whole or "-", found.piece or "-"
    apart = "" if found.apart is None else f" ({found.apart})"
    match found.kind:
        case Kind.RECURSION:
            return Words(
                f"at {at}: {whole} with all data, {other} with data that begin at {piece}{apart}",
                f"{at}: 전체 데이터로 {whole}, {piece}에 시작하는 데이터로 {other}{apart}",
            )
        case Kind.UNREPEATABLE:
            return Words(f"at {at}: {whole}, then {other}{apart}", f"{at}: {whole}, 다시 {other}{apart}")
        case Kind.OWN_PRICE:
            return Words(
                f"at {at}: {whole}; with every price from {piece} on changed: {other} again",
                f"{at}: {whole}; {piece}부터의 모든 가격을 바꾸어도 다시 {other}",
            )
        case Kind.FILL_AHEAD:
            return Words(
                f"at {at}: {whole}; with every price after it changed: {other}",
                f"{at}: {whole}; 그 뒤의 모든 가격을 바꾸면 {other}",
            )
        case Kind.LOOK_AHEAD | Kind.RATE_EARLY | Kind.BOOKED_EARLY:
            return Words(
                f"at {at}: {whole} with all data, {other} with what was known by {piece}{apart}",
                f"{at}: 전체 데이터로 {whole}, {piece}까지 알려진 것으로 {other}{apart}",
            )


def extent(found: Found, cuts: int, begun: int) -> Words | None:
    """At how many of the cuts (beginnings) it showed, and how far before a cut. None of what was tried once."""
    if found.kind is Kind.UNREPEATABLE:
        return None
    if found.kind is Kind.RECURSION:
        return Words(f"at {found.times} of {begun} later beginnings", f"늦은 시작 {begun}번 중 {found.times}번")
    told = Words(f"at {found.times} of {cuts} cuts", f"자른 시점 {cuts}곳 중 {found.times}곳")
    if found.rows is None:
        return told
    if found.every:
        return Words(f"{told.en}; every row that has a value differs", f"{told.ko}; 값이 있는 모든 행이 다릅니다")
    if found.rows == 1:
        return Words(f"{told.en}; the last row before a cut differs", f"{told.ko}; 자르기 직전의 한 행이 다릅니다")
    return Words(
        f"{told.en}; at most the last {found.rows} rows before a cut differ",
        f"{told.ko}; 자르기 전 최대 {found.rows}개 행이 다릅니다",
    )
