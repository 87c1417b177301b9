"""What an owner may write for a rate."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from karb_core.rules.choices import WordOr
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.names import Line, Secret
from karb_core.rules.params import Params
from karb_core.rules.roles import rule, tech, wiring


class RateParams(Params):
    """How old a rate may be at an entry. Exits are judged at the last rate known, its age in the decision."""

    max_age: PositiveDuration = rule(
        "the oldest rate an entry may rest on while the rate's market is open",
        ko="시장이 열려 있을 때 진입에 쓸 수 있는 환율의 최대 나이",
        example="10m",
        tighter="lower",
    )
    when_closed: Annotated[PositiveDuration | None, WordOr("refuse")] = rule(
        "the oldest rate an entry may rest on while that market is closed, or `refuse`",
        ko="시장이 닫혀 있을 때 허용하는 환율의 최대 나이, 진입하지 않으려면 `refuse`",
        example="80h",
        tighter="lower",
    )


class DunamuParams(RateParams):
    """Each notice of the day is told by the next question."""

    address: Line = tech("https://quotation-api-cdn.dunamu.com", "where it is asked", ko="질문하는 주소")
    every: PositiveDuration = tech("10s", "how often it is asked", ko="질문하는 간격")


class YahooParams(RateParams):
    """By the minute while the currency trades."""

    address: Line = tech("https://query1.finance.yahoo.com", "where it is asked", ko="질문하는 주소")
    every: PositiveDuration = tech("30s", "how often it is asked", ko="질문하는 간격")


class OpenErApiParams(RateParams):
    """Once a day; its pages ask for no more than a question an hour."""

    address: Line = tech("https://open.er-api.com", "where it is asked", ko="질문하는 주소")
    every: PositiveDuration = tech("1h", "how often it is asked", ko="질문하는 간격")


class FrankfurterParams(RateParams):
    """Once a working day."""

    address: Line = tech("https://api.frankfurter.dev", "where it is asked", ko="질문하는 주소")
    every: PositiveDuration = tech("10m", "how often it is asked", ko="질문하는 간격")


class KoreaEximParams(RateParams):
    """Once a working day; the bank counts the questions of a day."""

    key: Secret = wiring("the name of the key", ko="API 키의 이름", example="secret:koreaexim")
    address: Line = tech("https://oapi.koreaexim.go.kr", "where it is asked", ko="질문하는 주소")
    every: PositiveDuration = tech("15m", "how often it is asked", ko="질문하는 간격")


class ExchangeRateHostParams(RateParams):
    """Once an hour on the plan that costs nothing."""

    key: Secret = wiring("the name of the key", ko="API 키의 이름", example="secret:exchangerate")
    address: Line = tech("https://api.exchangerate.host", "where it is asked", ko="질문하는 주소")
    every: PositiveDuration = tech("1h", "how often it is asked", ko="질문하는 간격")


def nanoseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1) * 1000
