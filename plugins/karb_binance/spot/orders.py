"""`binance_spot.orders`: which account, and what is needed to reach it. Light, so that a file that names it can be checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import ClassVar

from karb_binance.network import NetworkParams
from karb_core.domain.instrument import Instrument
from karb_core.ports import Clock, OpenAccount, Secrets, Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.names import Line, Secret
from karb_core.rules.roles import tech, wiring
from karb_core.texts.text import Words

_OF_NETWORK = "of-network"
_HOSTS = {"production": "https://api.binance.com", "demo": "https://demo-api.binance.com"}
#: Who tells what a key may do, where anybody does.
_RIGHTS = {"production": "https://api.binance.com"}


class SpotOrdersParams(NetworkParams):
    """Which account, and how it is reached."""

    keys: Secret = wiring("the name of the account's key", ko="계좌 API 키의 이름", example="secret:binance")
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


class SpotOrders:
    """Places and follows orders on Binance spot."""

    name: ClassVar[str] = "orders"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Places and follows orders on Binance spot.", "바이낸스 현물에 주문을 내고 확인합니다."
    )
    Params = SpotOrdersParams

    def __init__(self, params: SpotOrdersParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: SpotOrdersParams) -> frozenset[str]:  # noqa: ARG003
        return frozenset({"binance_spot"})

    @classmethod
    def at_local(cls, params: SpotOrdersParams, addresses: Mapping[str, str]) -> SpotOrdersParams:
        at = addresses["binance_spot"]
        return params.model_copy(update={"base_url": at, "rights_url": at})

    def account(self) -> str:
        return f"binance_spot {self._params.network} {self._params.keys}"

    def open_account(self, instruments: Collection[Instrument], secrets: Secrets, clock: Clock) -> OpenAccount:
        from karb_binance.rights import Rights
        from karb_binance.spot.account import SpotAccount
        from karb_binance.spot.client import SpotClient
        from karb_binance.spot.limits import told_left
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
        return SpotAccount(SpotClient(connection, keys, clock), rights, instruments, clock)
