"""KRW per US dollar, from those who publish it. Each says what kind of rate it is."""

from __future__ import annotations

from typing import ClassVar

from karb_core.ports import Stage
from karb_core.texts.text import Words
from karb_fx.calendar import fixing_is_open, seoul_is_open
from karb_fx.params import RateParams, nanoseconds


class _Bank:
    """The parts every dollar rate shares; each below names its publisher."""

    stage: ClassVar[Stage] = Stage.ANNOUNCED
    extras: ClassVar[tuple[str, ...]] = ("live",)
    #: In a backtest the dataset brings the rates: only their ages and the calendar are asked for.
    replayed: ClassVar[bool] = True
    Params = RateParams

    def __init__(self, params: RateParams) -> None:
        self._params = params

    def max_age_ns(self) -> int:
        return nanoseconds(self._params.max_age)

    def when_closed_ns(self) -> int | None:
        return None if self._params.when_closed is None else nanoseconds(self._params.when_closed)

    def is_open(self, at_ns: int) -> bool:
        return seoul_is_open(at_ns)


class Dunamu(_Bank):
    """KRW per USD from Dunamu: each notice of a Korean bank within the day."""

    name: ClassVar[str] = "dunamu"
    kind: ClassVar[str] = "base"
    about: ClassVar[Words] = Words(
        "KRW per USD from Dunamu: each notice of a Korean bank within the day.", "두나무의 원/달러: 은행 고시마다 갱신."
    )


class Yahoo(_Bank):
    """KRW per USD from Yahoo, by the minute."""

    name: ClassVar[str] = "yahoo"
    kind: ClassVar[str] = "market"
    about: ClassVar[Words] = Words("KRW per USD from Yahoo, by the minute.", "야후의 원/달러: 분 단위.")


class KoreaExim(_Bank):
    """KRW per USD from the Export-Import Bank of Korea, once a working day."""

    name: ClassVar[str] = "koreaexim"
    kind: ClassVar[str] = "base"
    about: ClassVar[Words] = Words(
        "KRW per USD from the Export-Import Bank of Korea, once a working day.",
        "한국수출입은행의 원/달러 매매기준율: 영업일마다.",
    )


class OpenErApi(_Bank):
    """KRW per USD from open.er-api, once a day."""

    name: ClassVar[str] = "open_er_api"
    kind: ClassVar[str] = "mid"
    about: ClassVar[Words] = Words("KRW per USD from open.er-api, once a day.", "open.er-api의 원/달러: 하루 한 번.")


class ExchangeRateHost(_Bank):
    """KRW per USD from exchangerate.host, once a day."""

    name: ClassVar[str] = "exchangerate_host"
    kind: ClassVar[str] = "mid"
    about: ClassVar[Words] = Words(
        "KRW per USD from exchangerate.host, once a day.", "exchangerate.host의 원/달러: 하루 한 번."
    )


class Frankfurter(_Bank):
    """KRW per USD from the ECB's daily fixing, as Frankfurter serves it."""

    def is_open(self, at_ns: int) -> bool:
        return fixing_is_open(at_ns)

    name: ClassVar[str] = "frankfurter"
    kind: ClassVar[str] = "reference"
    about: ClassVar[Words] = Words(
        "KRW per USD from the ECB's daily fixing, as Frankfurter serves it.",
        "유럽중앙은행 고시 환율(Frankfurter): 영업일마다.",
    )
