"""`ccxt.orders`: which account at which exchange. Light, so that a file that names it can be checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar, Literal

from karb_ccxt.exchange_params import ExchangeParams
from karb_core.domain.instrument import Instrument
from karb_core.errors import StrategyInvalid
from karb_core.ports import Clock, Concern, FileView, OpenAccount, Secrets, Stage
from karb_core.rules.choices import OrNone
from karb_core.rules.names import Secret
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import rule, wiring
from karb_core.texts.text import Words

#: Without these nobody could say what became of an order.
_NEEDED = ("createOrder", "cancelOrder", "fetchOrder", "fetchOpenOrders", "fetchMyTrades", "fetchBalance")
_NEEDED_OF_SWAPS = ("fetchPositions", "fetchFundingHistory")


class OrdersParams(ExchangeParams):
    """Which account, and how its margin must be set. karb compares these with the venue and never changes them."""

    keys: Secret = wiring("the name of the account's key", ko="계좌 API 키의 이름", example="secret:okx")
    ids: Literal["as_is", "letters_digits"] = wiring(
        "how the exchange takes our order ids: `as_is` with hyphens, or `letters_digits` only (OKX)",
        ko="거래소가 받는 주문 id 형태: as_is(하이픈 포함) 또는 letters_digits(영문·숫자만, OKX)",
        example="as_is",
    )
    leverage: OrNone[PositiveCount] = rule(
        "the leverage the account must have; `none` for spot",
        ko="계좌에 설정되어 있어야 하는 레버리지. 현물은 `none`",
        example="1",
        tighter="lower",
    )
    margin: OrNone[Literal["isolated", "cross"]] = rule(
        "the margin type the account must have; `none` for spot",
        ko="계좌에 설정되어 있어야 하는 마진 방식. 현물은 `none`",
        example="isolated",
    )


class Orders:
    """Places and follows orders at any exchange that ccxt knows."""

    name: ClassVar[str] = "orders"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("ccxt", "live")
    about: ClassVar[Words] = Words(
        "Places and follows orders at any exchange that ccxt knows.", "ccxt가 지원하는 거래소에 주문을 내고 확인합니다."
    )
    Params = OrdersParams

    def __init__(self, params: OrdersParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: OrdersParams) -> frozenset[str]:
        return frozenset({params.venue})

    @classmethod
    def at_local(cls, params: OrdersParams, addresses: Mapping[str, str]) -> OrdersParams:
        return params.at_address(addresses)

    @classmethod
    def review(cls, params: OrdersParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        """Margin is stated of perpetuals, and of nothing else."""
        for name in ("leverage", "margin"):
            if (getattr(params, name) is None) is (params.market == "swap"):
                yield Concern(
                    (name,),
                    Words(
                        f"perpetuals have a {name}, and spot has none",
                        f"{name}: 무기한 선물에는 있고 현물에는 없습니다",
                    ),
                    Words(
                        "write it for `market: swap`, and `none` for `market: spot`",
                        "`market: swap`이면 값을, `market: spot`이면 `none`을 쓰세요",
                    ),
                )

    def account(self) -> str:
        return f"ccxt {self._params.exchange} {self._params.market} {self._params.keys}"

    def open_account(self, instruments: Collection[Instrument], secrets: Secrets, clock: Clock) -> OpenAccount:
        """Errors: also StrategyInvalid for an exchange that could not tell what became of an order."""
        from karb_ccxt.account import At, CcxtAccount
        from karb_ccxt.account_key import AccountKey
        from karb_ccxt.exchange import exchange_of
        from karb_ccxt.settings import Stated

        params = self._params
        key = AccountKey.of_secret(str(params.keys), secrets(params.keys), params.exchange)
        exchange = exchange_of(params, clock, key)
        needed = _NEEDED + (_NEEDED_OF_SWAPS if params.market == "swap" else ())
        if missing := [each for each in needed if not exchange.has.get(each)]:
            raise StrategyInvalid(
                Words(
                    f"`{params.exchange}` cannot be traded through ccxt: it has no {', '.join(missing)}",
                    f"`{params.exchange}`에는 {', '.join(missing)} 기능이 없어 ccxt로 거래할 수 없습니다",
                ),
                Words("use an adapter of its own: karb list", "전용 어댑터를 쓰세요: karb list"),
            )
        at = At(params.venue, params.market, params.ids)
        return CcxtAccount(exchange, key, at, instruments, Stated(params.leverage, params.margin), clock)
