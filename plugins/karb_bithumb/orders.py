"""`bithumb.orders`: which account, and what is needed to reach it. Light, so that a file that names it can be checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from karb_core.domain.instrument import Instrument
from karb_core.ports import Clock, OpenAccount, Secrets, Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.names import Line, Secret
from karb_core.rules.params import Params
from karb_core.rules.roles import tech, wiring
from karb_core.texts.text import Words


class OrdersParams(Params):
    """Which account, and how it is reached."""

    keys: Secret = wiring("the name of the account's key", ko="계좌 API 키의 이름", example="secret:bithumb")
    base_url: Line = tech("https://api.bithumb.com", "where Bithumb is reached", ko="빗썸 API 주소")
    timeout: PositiveDuration = tech(
        "5s",
        "how long a connection may take to be made, and again to be answered",
        ko="연결과 응답을 각각 기다리는 시간",
    )


class Orders:
    """Places and follows orders on Bithumb."""

    name: ClassVar[str] = "orders"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words("Places and follows orders on Bithumb.", "빗썸에 주문을 내고 확인합니다.")
    Params = OrdersParams

    def __init__(self, params: OrdersParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: OrdersParams) -> frozenset[str]:  # noqa: ARG003
        return frozenset({"bithumb"})

    @classmethod
    def tells_withdrawals(cls, params: OrdersParams) -> bool:  # noqa: ARG003
        """Bithumb tells nobody what a key may do."""
        return False

    @classmethod
    def at_local(cls, params: OrdersParams, addresses: Mapping[str, str]) -> OrdersParams:
        return params.model_copy(update={"base_url": addresses["bithumb"]})

    def account(self) -> str:
        return f"bithumb {self._params.keys}"

    def open_account(self, instruments: Collection[Instrument], secrets: Secrets, clock: Clock) -> OpenAccount:
        from karb_bithumb.account import BithumbAccount
        from karb_bithumb.client import Client
        from karb_bithumb.limits import told_left
        from karb_core.connection.keys import Keys
        from karb_core.connection.opening import opened

        name = self._params.keys
        keys = Keys.of_secret(str(name), secrets(name), Words("Bithumb", "빗썸"))
        connection = opened(self._params.base_url, self._params.timeout, clock, told_left)
        return BithumbAccount(Client(connection, keys, clock), instruments, clock)
