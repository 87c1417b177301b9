"""Upbit's components: their parameters are final, so that files that name them can be checked and locked."""

from __future__ import annotations

from typing import ClassVar

from karb_core.ports import Stage
from karb_core.rules.names import Secret
from karb_core.rules.params import Params
from karb_core.rules.roles import wiring
from karb_core.texts.text import Words

_VENUE = frozenset({"upbit"})


class OrdersParams(Params):
    """Which account."""

    keys: Secret = wiring("the name of the account's key", ko="계좌 API 키의 이름", example="secret:upbit")


class Orders:
    """Places and follows orders on Upbit."""

    name: ClassVar[str] = "orders"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words("Places and follows orders on Upbit.", "업비트에 주문을 내고 확인합니다.")
    Params = OrdersParams

    def __init__(self, params: OrdersParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: OrdersParams) -> frozenset[str]:  # noqa: ARG003
        return _VENUE
