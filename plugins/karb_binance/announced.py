"""Binance USD-M's components: their parameters are final, so that files that name them can be checked and locked."""

from __future__ import annotations

from typing import ClassVar, Literal

from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.rules.roles import wiring
from karb_core.texts.text import Words

_VENUE = frozenset({"binance_usdm"})


class NetworkParams(Params):
    """Hosts, filters and key belong together."""

    network: Literal["production", "demo"] = wiring(
        "which of Binance's networks", ko="바이낸스의 어느 네트워크인지", example="production"
    )


class Stream:
    """Tops, depth, candles, mark prices and funding from Binance USD-M's public streams."""

    name: ClassVar[str] = "stream"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Tops, depth, candles, mark prices and funding from Binance USD-M's public streams.",
        "바이낸스 USD-M 공개 스트림의 호가, 캔들, 마크 가격, 펀딩.",
    )
    Params = NetworkParams

    def __init__(self, params: NetworkParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: NetworkParams) -> frozenset[str]:  # noqa: ARG003
        return _VENUE
