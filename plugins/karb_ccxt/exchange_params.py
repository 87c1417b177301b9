"""Which of ccxt's exchanges a component reaches, and which of its markets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from karb_core.rules.duration import PositiveDuration
from karb_core.rules.names import Line, ShortName, VenueName
from karb_core.rules.params import Params
from karb_core.rules.roles import tech, wiring

OWN = "own"
#: By ccxt's name, what the venues of this machine call the one that speaks as it does.
_LOCAL = {"upbit": "upbit", "bithumb": "bithumb", "binance": "binance_spot", "binanceusdm": "binance_usdm"}


class ExchangeParams(Params):
    """One kind of market at one exchange is one venue here: amounts, margins and ids of two kinds never meet."""

    exchange: ShortName = wiring("the exchange, as ccxt names it", ko="거래소 (ccxt의 이름)", example="okx")
    venue: VenueName = wiring("what your pairs call it", ko="페어에서 부르는 이름", example="okx_swap")
    market: Literal["spot", "swap"] = wiring(
        "`spot`, or `swap`: perpetuals that are margined in what they are priced in",
        ko="spot(현물) 또는 swap(가격 통화로 증거금을 내는 무기한 선물)",
        example="swap",
    )
    address: Line = tech(
        OWN, "where it is reached instead; own is the exchange's", ko="대신 접속할 주소. own은 거래소의 주소"
    )
    timeout: PositiveDuration = tech("5s", "how long an answer is waited for", ko="응답을 기다리는 시간")

    def at_address(self, addresses: Mapping[str, str]) -> Self:
        """The same at venues of this machine. Errors: KeyError for an exchange that none of them speaks as."""
        return self.model_copy(update={"address": addresses[_LOCAL[self.exchange]]})
