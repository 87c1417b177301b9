"""What an owner may write for a rate."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from karb_core.rules.choices import WordOr
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.roles import rule


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


def nanoseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1) * 1000
