"""`gates.hours`: only at the hours, on the weekdays and in the months that the owner names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.ports import Concern, FileView, Stage
from karb_core.rules.choices import Distinct, OrNone
from karb_core.rules.clock import Hours, Zone
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Month = Literal["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class HoursParams(Params):
    """When it may be traded, by the clock of one zone. Each line is a list, or `none`: not asked."""

    zone: Zone = rule(
        "whose clock is meant: Korea's or UTC", ko="어느 시계인지: 한국 시간(KST) 또는 UTC", example="KST"
    )
    times: OrNone[Distinct[Hours]] = rule(
        "the stretches of a day, each up to its end and not at it, or `none`",
        ko="하루 중 허용하는 시간대(끝 시각은 포함하지 않음), 쓰지 않으면 `none`",
        example="[09:00-18:00]",
    )
    days: OrNone[Distinct[Weekday]] = rule(
        "the days of the week, or `none`", ko="허용하는 요일, 쓰지 않으면 `none`", example="[mon, tue, wed, thu, fri]"
    )
    months: OrNone[Distinct[Month]] = rule(
        "the months, or `none`", ko="허용하는 달, 쓰지 않으면 `none`", example="none"
    )


class HoursGate:
    """Denies outside the hours, weekdays and months that you name.

    Unit: the time of the decision on the zone's clock. Edge: a stretch's first minute is inside, the one it ends at is
    not; weekday and month are those of the moment itself, also in a stretch that goes on past midnight.
    """

    name: ClassVar[str] = "hours"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    about: ClassVar[Words] = Words(
        "Denies outside the hours, weekdays and months that you name.",
        "정한 시간대, 요일, 달이 아니면 거부합니다.",
    )
    Params = HoursParams

    def __init__(self, params: HoursParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed
        from karb_core.rules.clock import on_clock, within

        params = self._params
        at = on_clock(view.as_of_ns, params.zone)
        if params.times is not None and not any(within(hours, at) for hours in params.times):
            return Denied("times", f"{at:%H:%M:%S} {params.zone}", ", ".join(params.times))
        day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
        if params.days is not None and day not in params.days:
            return Denied("days", f"{day} in {params.zone}", ", ".join(params.days))
        if params.months is not None and month not in params.months:
            return Denied("months", f"{month} in {params.zone}", ", ".join(params.months))
        return Passed()

    @classmethod
    def review(cls, params: HoursParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        """Three times `none` asks nothing."""
        if params.times is None and params.days is None and params.months is None:
            yield Concern(
                (),
                Words(
                    "neither times, days nor months are named: it denies nothing",
                    "정한 시간이 없어 아무것도 거부하지 않습니다",
                ),
                Words("name one of them, or delete this line", "하나를 정하거나 이 줄을 지우세요"),
                code="K402",
            )
        for at, hours in enumerate(params.times or ()):
            begins, ends = hours.split("-")
            if begins == ends:
                yield Concern(
                    ("times", at),
                    Words(f"`{hours}` ends as it begins", f"`{hours}`: 시작과 끝이 같습니다"),
                    Words("write `00:00-24:00` for the whole day", "하루 전체는 `00:00-24:00`으로 쓰세요"),
                    code="K402",
                )
