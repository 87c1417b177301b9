"""What may happen in a scenario: one block each, named by what it does to the market or to a venue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from karb_core.rules.choices import IfGiven, OrNone
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.number import PositiveNumber
from karb_core.rules.params import OneOf, Params
from karb_core.rules.ratio import PositiveRatio, SignedRatio
from karb_core.rules.roles import alternative, assumption
from karb_core.texts.text import Words


class Legs(Params):
    """On which leg of every pair it happens."""

    legs: Literal["near", "far", "both"] = assumption(
        "on which leg of every pair", ko="모든 페어의 어느 다리에서", example="both"
    )


class Moves(Legs):
    """Prices go somewhere within a time, stay until the event is over, and may come back."""

    by: SignedRatio = assumption("how far prices move", ko="가격이 움직이는 폭", example="-10%")
    within: PositiveDuration = assumption("how long that takes", ko="걸리는 시간", example="1m")
    back_within: OrNone[PositiveDuration] = assumption(
        "how long they take to come back after the event, or `none`: they stay",
        ko="사건이 끝난 뒤 되돌아오는 시간, 돌아오지 않으면 `none`",
        example="10m",
    )


class Times(Legs):
    """So many times what is usual."""

    factor: PositiveNumber = assumption("how many times", ko="몇 배", example="10")


class Latency(Legs):
    """Every request, and every answer, takes a time of its own between these two."""

    from_: PositiveDuration = assumption("the shortest", ko="가장 짧게", example="2s", alias="from")
    to: PositiveDuration = assumption("the longest", ko="가장 길게", example="5s")


class PartOf(Legs):
    """To so many of all orders, or to such a part of what is open."""

    part: PositiveRatio = assumption("of how many, or how much", ko="얼마만큼", example="30%")


class Seats(Params):
    """Which rates."""

    seats: Literal["premium", "money", "both"] = assumption(
        "which of the two rates", ko="두 환율 중 어느 것", example="both"
    )


class RateJump(Seats):
    """The rate is another at once."""

    by: SignedRatio = assumption("how far the rate moves at once", ko="환율이 한 번에 움직이는 폭", example="3%")


class Happens(OneOf):
    """Exactly one."""

    price_moves: IfGiven[Moves] = alternative("prices move", ko="가격이 움직임")
    spread_times: IfGiven[Times] = alternative("the spread is so many times as wide", ko="스프레드가 몇 배로 벌어짐")
    depth_divided_by: IfGiven[Times] = alternative("books are so many times as thin", ko="호가 잔량이 몇 분의 1로 줄음")
    latency: IfGiven[Latency] = alternative("requests and answers travel long", ko="주문과 응답이 느려짐")
    partial_fills: IfGiven[PartOf] = alternative(
        "so many orders fill in part only, though there was more", ko="잔량이 있어도 일부만 체결되는 주문의 비율"
    )
    server_errors: IfGiven[PartOf] = alternative(
        "so many orders are answered with an error of the venue's own (502); half of those it carried out all the same",
        ko="거래소 오류(502)로 답하는 주문의 비율. 그중 절반은 실제로 체결됨",
    )
    rejects: IfGiven[PartOf] = alternative("so many orders are refused", ko="거절되는 주문의 비율")
    unreachable: IfGiven[Legs] = alternative("no request arrives", ko="요청이 닿지 않음")
    silent: IfGiven[Legs] = alternative("its books are told no more", ko="호가가 더 오지 않음")
    suspended: IfGiven[Legs] = alternative("orders are refused, the book stands", ko="거래 정지")
    rate_frozen: IfGiven[Seats] = alternative(
        "the source repeats its last rate, with its old time", ko="환율이 예전 시각 그대로 멈춤"
    )
    rate_missing: IfGiven[Seats] = alternative("the source says nothing", ko="환율이 오지 않음")
    rate_jumps: IfGiven[RateJump] = alternative("the rate jumps; prices stay", ko="환율이 튐, 가격은 그대로")
    liquidated: IfGiven[PartOf] = alternative(
        "the venue liquidates that part of what is open on margin", ko="증거금 포지션의 그만큼이 강제 청산됨"
    )
    deleveraged: IfGiven[PartOf] = alternative(
        "the venue closes that part against others' liquidations (ADL)", ko="자동 감축(ADL)으로 그만큼이 닫힘"
    )


def impossible(happens: Happens) -> Iterator[Words]:
    """What each value allows and the world does not."""
    shares = (happens.partial_fills, happens.server_errors, happens.rejects, happens.liquidated, happens.deleveraged)
    if any(share is not None and share.part > 1 for share in shares):
        yield Words("`part` is more than all: write 100% at most", "`part`가 전부보다 많습니다. 최대 100%로 쓰세요")
    for moves in (happens.price_moves, happens.rate_jumps):
        if moves is not None and moves.by <= -1:
            yield Words(
                "`by` leaves no price: write more than -100%", "`by`: 가격이 남지 않습니다. -100%보다 크게 쓰세요"
            )
    if happens.latency is not None and happens.latency.from_ > happens.latency.to:
        yield Words("`from` is longer than `to`", "`from`이 `to`보다 깁니다")
