"""Upbit's components: their parameters are final, so that files that name them can be checked and locked."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from karb_core.ports import Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

_VENUE = frozenset({"upbit"})


class StreamParams(Params):
    """Nothing to write: the pairs say which instruments."""


class Stream:
    """Tops, depth and candles from Upbit's public streams."""

    name: ClassVar[str] = "stream"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Tops, depth and candles from Upbit's public streams.", "업비트 공개 스트림의 호가와 캔들."
    )
    Params = StreamParams

    def __init__(self, params: StreamParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: StreamParams) -> frozenset[str]:  # noqa: ARG003
        return _VENUE


class UsdtKrwParams(Params):
    """How old the rate may be. Upbit's market does not close."""

    max_age: PositiveDuration = rule(
        "the oldest rate an entry may rest on", ko="진입에 쓸 수 있는 환율의 최대 나이", example="10s", tighter="lower"
    )


class UsdtKrw:
    """KRW per USDT from Upbit's book: what a USDT fetches in won."""

    name: ClassVar[str] = "usdt_krw"
    kind: ClassVar[str] = "tether"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "KRW per USDT from Upbit's book: what a USDT fetches in won.",
        "업비트 호가의 원/USDT: USDT를 원화로 바꾸면 받는 값.",
    )
    Params = UsdtKrwParams

    def __init__(self, params: UsdtKrwParams) -> None:
        self._params = params

    def max_age_ns(self) -> int:
        return self._params.max_age // timedelta(microseconds=1) * 1000

    def when_closed_ns(self) -> int | None:
        return None

    def is_open(self, at_ns: int) -> bool:  # noqa: ARG002 - as every rate is asked
        return True
