"""`binance_usdm.orders`: which account, and what is needed to reach it. Light, so that a file that names it can be checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import ClassVar, Literal

from karb_binance.network import NetworkParams
from karb_core.domain.instrument import Instrument
from karb_core.ports import Clock, OpenAccount, Secrets, Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.names import Line, Secret
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import rule, tech, wiring
from karb_core.texts.text import Words

_OF_NETWORK = "of-network"
_HOSTS = {"production": "https://fapi.binance.com", "demo": "https://demo-fapi.binance.com"}
#: Who tells what a key may do, where anybody does.
_RIGHTS = {"production": "https://api.binance.com"}


class OrdersParams(NetworkParams):
    """Which account, and how its margin must be set. karb compares these with the venue and never changes them."""

    keys: Secret = wiring("the name of the account's key", ko="계좌 API 키의 이름", example="secret:binance")
    leverage: PositiveCount = rule(
        "the leverage the account must have", ko="계좌에 설정되어 있어야 하는 레버리지", example="1", tighter="lower"
    )
    margin: Literal["isolated", "cross"] = rule(
        "the margin type the account must have", ko="계좌에 설정되어 있어야 하는 마진 방식", example="isolated"
    )
    base_url: Line = tech(
        _OF_NETWORK,
        "where Binance is reached; of-network is the network's own host",
        ko="바이낸스 API 주소. of-network는 해당 네트워크의 주소",
    )
    rights_url: Line = tech(
        _OF_NETWORK,
        "where what the key may do is told; of-network is the network's own host, where it has one",
        ko="API 키 권한을 묻는 주소. of-network는 해당 네트워크의 주소(있으면)",
    )
    timeout: PositiveDuration = tech(
        "5s",
        "how long a connection may take to be made, and again to be answered",
        ko="연결과 응답을 각각 기다리는 시간",
    )


class Orders:
    """Places and follows orders on Binance USD-M."""

    name: ClassVar[str] = "orders"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Places and follows orders on Binance USD-M.", "바이낸스 USD-M에 주문을 내고 확인합니다."
    )
    Params = OrdersParams

    def __init__(self, params: OrdersParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: OrdersParams) -> frozenset[str]:  # noqa: ARG003
        return frozenset({"binance_usdm"})

    @classmethod
    def tells_withdrawals(cls, params: OrdersParams) -> bool:
        """Of the demo network nobody is asked."""
        return params.network == "production"

    @classmethod
    def at_local(cls, params: OrdersParams, addresses: Mapping[str, str]) -> OrdersParams:
        at = addresses["binance_usdm"]
        return params.model_copy(update={"base_url": at, "rights_url": at})

    def account(self) -> str:
        return f"binance_usdm {self._params.network} {self._params.keys}"

    def open_account(self, instruments: Collection[Instrument], secrets: Secrets, clock: Clock) -> OpenAccount:
        from karb_binance.account import BinanceAccount, Stated
        from karb_binance.client import Client
        from karb_binance.limits import told_left
        from karb_binance.rights import Rights
        from karb_core.connection.keys import Keys
        from karb_core.connection.opening import opened
        from karb_core.connection.over_http import OverHttp

        params = self._params
        name = params.keys
        keys = Keys.of_secret(str(name), secrets(name), Words("Binance", "바이낸스"), "KEY:SECRET")
        host = _HOSTS[params.network] if params.base_url == _OF_NETWORK else params.base_url
        teller = _RIGHTS.get(params.network) if params.rights_url == _OF_NETWORK else params.rights_url
        rights = (
            None if teller is None else Rights(OverHttp(teller, params.timeout / timedelta(seconds=1)), keys, clock)
        )
        connection = opened(host, params.timeout, clock, told_left)
        stated = Stated(params.leverage, params.margin)
        return BinanceAccount(Client(connection, keys, clock), rights, instruments, stated, clock)
