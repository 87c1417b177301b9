"""Binance USD-M's components: their parameters are final, so that files that name them can be checked and locked."""

from __future__ import annotations

from typing import ClassVar, Literal

from karb_core.ports import Stage
from karb_core.rules.names import Secret
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import rule, wiring
from karb_core.texts.text import Words

_VENUE = frozenset({"binance_usdm"})


class NetworkParams(Params):
    """Hosts, filters and key belong together."""

    network: Literal["production", "demo"] = wiring(
        "which of Binance's networks", ko="바이낸스의 어느 네트워크인지", example="production"
    )


class OrdersParams(NetworkParams):
    """Which account, and how its margin must be set. karb compares these with the venue and never changes them."""

    keys: Secret = wiring("the name of the account's key", ko="계좌 API 키의 이름", example="secret:binance")
    leverage: PositiveCount = rule(
        "the leverage the account must have", ko="계좌에 설정되어 있어야 하는 레버리지", example="1", tighter="lower"
    )
    margin: Literal["isolated", "cross"] = rule(
        "the margin type the account must have", ko="계좌에 설정되어 있어야 하는 마진 방식", example="isolated"
    )


class Orders:
    """Places and follows orders on Binance USD-M."""

    name: ClassVar[str] = "orders"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Places and follows orders on Binance USD-M.", "바이낸스 USD-M에 주문을 내고 확인합니다."
    )
    Params = OrdersParams

    def __init__(self, params: OrdersParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: OrdersParams) -> frozenset[str]:  # noqa: ARG003
        return _VENUE
