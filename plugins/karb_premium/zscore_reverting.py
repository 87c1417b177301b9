"""`premium.zscore_reverting`: armed by z on long bars, entered by a turn on short ones, left on a grid of tops."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Concern, FileView, SignalFacts, Stage, TierFacts
from karb_core.texts.text import Words
from karb_premium.facts import facts_of, rearm_concern, window_concerns
from karb_premium.reverting_params import RevertingParams

if TYPE_CHECKING:
    from karb_core.ports import Explanation, GridRows, Judgement, Moment, PairSeries, Standing, Terms
    from karb_core.ports.signal import Features, Mask


class ZScoreReverting:
    """Armed while z of the last closed long bar is far out; enters once the premium has moved back so many times in a row.

    Made of tops: a bar's close is the middle of the tops that stand at its end. z and the mean are those of the long bars;
    a move is from one close of a short bar to the next, both since it was armed. Ways out are judged at each step of the
    grid, with z of the last closed long bar. Edge: |z| at the bound arms; a move of nothing is none; a close that a leg lacks
    disarms, or begins the moves anew.
    """

    name: ClassVar[str] = "zscore_reverting"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Armed by z on long bars, entered by a turn back on short ones, its ways out judged on a grid of tops.",
        "긴 봉의 z로 대기하고 짧은 봉에서 되돌아설 때 진입하며, 청산은 호가 격자에서 판단합니다.",
    )
    Params = RevertingParams

    def __init__(self, params: RevertingParams) -> None:
        from karb_premium.reverting_rules import reverting_rules

        self._rules = reverting_rules(params)

    def rows(self) -> GridRows:
        from karb_core.ports import GridRows

        rows = self._rules.z.rows
        assert isinstance(rows, GridRows)
        return rows

    def features(self, series: PairSeries) -> Features:
        from karb_premium.reverting_columns import features

        return features(self._rules, series)

    def features_from(self) -> Hashable:
        rules = self._rules
        made = rules.z.window, rules.z.floor, rules.z.bounds[0].z, rules.z.stops_at_sides
        return (*made, rules.arm_ms, rules.turn_ms, rules.moves)

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        from karb_premium.reverting_judging import judge

        return judge(self._rules, moment, standing, terms)

    def wakes(self, features: Features, standing: Standing, terms: Terms) -> Mask:
        from karb_premium.reverting_judging import wakes

        return wakes(self._rules, features, standing, terms)

    def explain(self, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
        from karb_premium.reverting_judging import explain

        return explain(self._rules, moment, standing, terms)

    @classmethod
    def facts(cls, params: RevertingParams) -> SignalFacts:
        return facts_of(params, {"": TierFacts(params.take_profit, ("take_profit",))}, params.exit)

    @classmethod
    def review(cls, params: RevertingParams, file: FileView) -> Iterator[Concern]:
        if file.mode != "backtest":
            yield Concern(
                ("watch",),
                Words(
                    "a grid of tops is judged in backtests only, and this file may run bolder",
                    "호가 격자는 백테스트에서만 판단하는데 이 파일은 더 대담한 모드를 허용합니다",
                ),
                Words("write `mode: backtest`", "`mode: backtest`로 쓰세요"),
                code="K422",
            )
        for path, length, step in (
            (("enter", "bar"), params.enter.bar, params.watch),
            (("arm", "bar"), params.arm.bar, params.enter.bar),
        ):
            if length % step != timedelta(0):
                finer = "watch" if path[0] == "enter" else "enter.bar"
                yield Concern(
                    path,
                    Words(f"this is no whole number of `{finer}`", f"`{finer}`의 정수 배가 아닙니다"),
                    Words(f"write a multiple of `{finer}`", f"`{finer}`의 정수 배로 쓰세요"),
                    code="K422",
                )
        if params.watch % timedelta(milliseconds=1) != timedelta(0):
            yield Concern(
                ("watch",),
                Words("tops are timed in whole milliseconds", "호가 시각은 밀리초 단위입니다"),
                Words("write a length such as `500ms` or `30s`", "`500ms`, `30s`처럼 쓰세요"),
                code="K422",
            )
        yield from window_concerns(params, params.arm.bar, "arm.bar")
        yield from rearm_concern(params.rearm, params.arm.z)
