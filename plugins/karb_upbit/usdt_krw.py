"""`upbit.usdt_krw`: what a USDT fetches in won, from Upbit's KRW-USDT book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import TYPE_CHECKING, ClassVar

from karb_core.connection.line_params import nanoseconds
from karb_core.ports import Stage
from karb_core.texts.text import Words
from karb_upbit.params import UsdtKrwParams

if TYPE_CHECKING:
    from karb_core.domain.market import FxRate
    from karb_core.ports import Clock
    from karb_core.ports.fx_source import EmitRate


class UsdtKrw:
    """KRW per USDT from Upbit's book: what a USDT fetches in won."""

    name: ClassVar[str] = "usdt_krw"
    kind: ClassVar[str] = "tether"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "KRW per USDT from Upbit's book: what a USDT fetches in won.",
        "업비트 호가의 원/USDT: USDT를 원화로 바꾸면 받는 값.",
    )
    Params = UsdtKrwParams

    def __init__(self, params: UsdtKrwParams) -> None:
        self._params = params

    @classmethod
    def at_local(cls, params: UsdtKrwParams, addresses: Mapping[str, str]) -> UsdtKrwParams:
        at = addresses["upbit"]
        return params.model_copy(update={"socket": f"{at.replace('http', 'ws', 1)}/websocket/v1", "rest": at})

    def max_age_ns(self) -> int:
        return nanoseconds(self._params.max_age)

    def when_closed_ns(self) -> int | None:
        return None

    def is_open(self, at_ns: int) -> bool:  # noqa: ARG002 - as every rate is asked
        return True

    async def run(self, emit: EmitRate, clock: Clock) -> None:
        from karb_core.connection.stream import Stream
        from karb_core.connection.stream_socket import sockets
        from karb_upbit.bid_heard import BidHeard

        async with sockets(self._params.socket) as opens:
            heard = BidHeard(emit)
            await Stream(
                opens=opens,
                hears=heard,
                tells=lambda state, why: None,  # noqa: ARG005 - a rate that no longer comes grows old, and is denied by its age
                now_ns=clock.now_ns,
                settings=self._params.settings(),
                random=Random(),
            ).run()

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        from karb_core.connection.asking import questions_to
        from karb_upbit.bid_heard import past_rates
        from karb_upbit.questions import MANNER

        async with questions_to(self._params.rest, MANNER) as asks:
            return await past_rates(asks, since_ns, until_ns)
