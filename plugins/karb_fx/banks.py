"""KRW per US dollar, from those who publish it. Each says what kind of rate it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from karb_core.ports import Stage
from karb_core.texts.text import Words
from karb_fx.calendar import fixing_is_open, seoul_is_open
from karb_fx.params import (
    DunamuParams,
    ExchangeRateHostParams,
    FrankfurterParams,
    KoreaEximParams,
    OpenErApiParams,
    YahooParams,
    nanoseconds,
)

if TYPE_CHECKING:
    from karb_core.domain.market import FxRate
    from karb_core.ports import Clock, FxSource, Secrets
    from karb_core.ports.fx_source import EmitRate
    from karb_fx.polled import Polled
    from karb_fx.told import Publisher

A = TypeVar("A", DunamuParams, YahooParams, OpenErApiParams, FrankfurterParams, KoreaEximParams, ExchangeRateHostParams)
K = TypeVar("K", KoreaEximParams, ExchangeRateHostParams)


class _Bank(Generic[A]):
    """The parts every dollar rate shares; each below names its publisher."""

    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    name: ClassVar[str]
    #: In a backtest the dataset brings the rates: only their ages and the calendar are asked for.
    replayed: ClassVar[bool] = True

    def __init__(self, params: A) -> None:
        self._params: A = params

    def max_age_ns(self) -> int:
        return nanoseconds(self._params.max_age)

    def when_closed_ns(self) -> int | None:
        return None if self._params.when_closed is None else nanoseconds(self._params.when_closed)

    def is_open(self, at_ns: int) -> bool:
        return seoul_is_open(at_ns)

    async def run(self, emit: EmitRate, clock: Clock) -> None:
        await self._polled.run(emit, clock)

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        return await self._polled.past(since_ns, until_ns)

    def _published(self) -> Publisher:
        raise NotImplementedError

    @cached_property
    def _polled(self) -> Polled:
        from karb_fx.polled import Polled

        return Polled(self._published(), self._params.address, nanoseconds(self._params.every))


class _Keyless(_Bank[A]):
    """One that is asked without a key, and that the lab answers for."""

    @classmethod
    def at_local(cls, params: A, addresses: Mapping[str, str]) -> A:
        return params.model_copy(update={"address": f"{addresses['rates']}/{cls.name}"})


class Dunamu(_Keyless[DunamuParams]):
    """KRW per USD from Dunamu: each notice of a Korean bank within the day."""

    name: ClassVar[str] = "dunamu"
    kind: ClassVar[str] = "base"
    about: ClassVar[Words] = Words(
        "KRW per USD from Dunamu: each notice of a Korean bank within the day.", "두나무의 원/달러: 은행 고시마다 갱신."
    )
    Params = DunamuParams

    def _published(self) -> Publisher:
        from karb_fx.publishers import dunamu

        return dunamu()


class Yahoo(_Keyless[YahooParams]):
    """KRW per USD from Yahoo, by the minute."""

    name: ClassVar[str] = "yahoo"
    kind: ClassVar[str] = "market"
    about: ClassVar[Words] = Words("KRW per USD from Yahoo, by the minute.", "야후의 원/달러: 분 단위.")
    Params = YahooParams

    def _published(self) -> Publisher:
        from karb_fx.publishers import yahoo

        return yahoo()


class OpenErApi(_Keyless[OpenErApiParams]):
    """KRW per USD from open.er-api, once a day."""

    name: ClassVar[str] = "open_er_api"
    kind: ClassVar[str] = "mid"
    about: ClassVar[Words] = Words("KRW per USD from open.er-api, once a day.", "open.er-api의 원/달러: 하루 한 번.")
    Params = OpenErApiParams

    def _published(self) -> Publisher:
        from karb_fx.publishers import open_er_api

        return open_er_api()


class Frankfurter(_Keyless[FrankfurterParams]):
    """KRW per USD from the ECB's daily fixing, as Frankfurter serves it."""

    name: ClassVar[str] = "frankfurter"
    kind: ClassVar[str] = "reference"
    about: ClassVar[Words] = Words(
        "KRW per USD from the ECB's daily fixing, as Frankfurter serves it.",
        "유럽중앙은행 고시 환율(Frankfurter): 영업일마다.",
    )
    Params = FrankfurterParams

    def is_open(self, at_ns: int) -> bool:
        return fixing_is_open(at_ns)

    def _published(self) -> Publisher:
        from karb_fx.publishers import frankfurter

        return frankfurter()


class _Keyed(_Bank[K]):
    """One that is asked with a key; the key is in the question and nowhere else."""

    def open_source(self, secrets: Secrets) -> FxSource:
        """Errors: `SecretUnset`."""
        self._key = secrets(self._params.key)
        return self


class KoreaExim(_Keyed[KoreaEximParams]):
    """KRW per USD from the Export-Import Bank of Korea, once a working day."""

    name: ClassVar[str] = "koreaexim"
    kind: ClassVar[str] = "base"
    about: ClassVar[Words] = Words(
        "KRW per USD from the Export-Import Bank of Korea, once a working day.",
        "한국수출입은행의 원/달러 매매기준율: 영업일마다.",
    )
    Params = KoreaEximParams

    def _published(self) -> Publisher:
        from karb_fx.publishers import koreaexim

        return koreaexim(self._key)


class ExchangeRateHost(_Keyed[ExchangeRateHostParams]):
    """KRW per USD from exchangerate.host, once an hour."""

    name: ClassVar[str] = "exchangerate_host"
    kind: ClassVar[str] = "mid"
    about: ClassVar[Words] = Words(
        "KRW per USD from exchangerate.host, once an hour.", "exchangerate.host의 원/달러: 한 시간에 한 번."
    )
    Params = ExchangeRateHostParams

    def _published(self) -> Publisher:
        from karb_fx.publishers import exchangerate_host

        return exchangerate_host(self._key)
