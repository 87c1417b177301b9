"""How a recording is kept: an owner's small file, whose every line but `karb` may be left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from karb_core.rules.choices import Exactly, IfGiven
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio
from karb_core.rules.roles import alternative, rule, tech, wiring

_MS = timedelta(milliseconds=1)


class Outliers(Params):
    """Which prices are set aside. What is no price above zero always is."""

    last: PositiveCount = rule(
        "of how many prices before it the mean is taken", ko="평균을 낼 앞선 가격의 수", example="20"
    )
    beyond: Ratio = rule(
        "a price further from that mean is kept apart and never traded on",
        ko="평균에서 이보다 먼 가격은 따로 보관하고 거래에 쓰지 않음",
        example="20%",
        tighter="lower",
    )


class CollectFile(Params):
    """One file. Settings of the machine, but for `outliers`."""

    karb: Annotated[int, Exactly(1)] = wiring(
        "the version of this file's format", ko="이 파일 형식의 버전", example="1"
    )
    bars: PositiveDuration = tech("1m", "how long bars are", ko="봉의 길이")
    tops: PositiveDuration = tech("100ms", "at most one top of book in each such step", ko="이 간격마다 호가 하나까지")
    marks: PositiveDuration = tech(
        "1s", "at most one mark price in each such step", ko="이 간격마다 마크 가격 하나까지"
    )
    rates: PositiveDuration = tech(
        "1m", "at most one value of a rate in each such step", ko="이 간격마다 환율 하나까지"
    )
    write: PositiveDuration = tech(
        "10s", "how often what came is made durable: a kill loses no more", ko="기록을 디스크에 남기는 간격"
    )
    quiet: PositiveDuration = tech(
        "60s",
        "tops or marks that are told for so long by nothing are a hole",
        ko="호가나 마크 가격이 이만큼 없으면 빈 구간",
    )
    quiet_bars: PositiveDuration = tech(
        "10m", "the venue is asked for bars that did not come for so long", ko="봉이 이만큼 오지 않으면 거래소에 확인"
    )
    past: Duration = tech(
        "0s", "how far back the venues are asked when a recording begins", ko="기록을 시작할 때 과거를 묻는 기간"
    )
    outliers: IfGiven[Outliers] = alternative(
        "which prices are set aside", ko="따로 보관할 가격", absent="only what is no price above zero"
    )

    @property
    def bars_ms(self) -> int:
        return self.bars // _MS

    def step_ms(self, kind: str) -> int:
        """Of tops, marks and rates."""
        steps: dict[str, timedelta] = {"tops": self.tops, "marks": self.marks, "rates": self.rates}
        return max(1, steps[kind] // _MS)
