"""What the z-score signals say of themselves before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from karb_core.domain.exact import mul
from karb_core.domain.premium_units import ONE
from karb_core.history.premium import WIDEST
from karb_core.history.window import LONGEST
from karb_core.ports import Concern, FileView, Side, SignalFacts, TierFacts
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.shape import Path
from karb_core.texts.text import Words
from karb_premium.params import Rearm, TopGrid, ZScoreParams

_WHOLE = Decimal(1)


class HasWindow(Protocol):
    """Rules of a window that z is made over."""

    @property
    def window(self) -> timedelta: ...
    @property
    def min_present(self) -> Decimal: ...
    @property
    def sigma_floor(self) -> Decimal: ...


class HasSides(Protocol):
    """Rules of what is entered, and at which premium."""

    @property
    def when_high(self) -> Side | None: ...
    @property
    def when_low(self) -> Side | None: ...
    @property
    def min_premium(self) -> Decimal | None: ...


def facts_of(params: HasSides, tiers: Mapping[str, TierFacts], exit_policy: ExitPolicy) -> SignalFacts:
    sides: dict[Side, Path] = {}
    for key, side in (("when_high", params.when_high), ("when_low", params.when_low)):
        if side is not None:
            sides.setdefault(side, (key,))
    return SignalFacts(sides, tiers, exit_policy, params.min_premium, ("min_premium",))


def row_concerns(params: ZScoreParams, file: FileView) -> Iterator[Concern]:
    """What rows are made of: bars or tops, one of both; then the window that is made of them."""
    if (params.bar is None) == (params.grid is None):
        yield Concern(
            ("bar",),
            Words("one of `bar` and `grid` is stated, and not both", "`bar`와 `grid` 중 하나만 써야 합니다"),
            Words(
                "write `bar: 5m` alone for closes of bars, or `bar: none` and `grid: {every: 1s, max_age: 2s}` for tops",
                "봉 종가는 `bar: 5m`만, 호가 격자는 `bar: none`과 `grid: {every: 1s, max_age: 2s}`를 쓰세요",
            ),
            code="K422",
        )
    elif params.bar is not None:
        yield from window_concerns(params, params.bar, "bar")
    elif params.grid is not None:
        yield from _grid_concerns(params, params.grid, file)
        yield from window_concerns(params, params.grid.every, "grid.every")


def _grid_concerns(params: ZScoreParams, grid: TopGrid, file: FileView) -> Iterator[Concern]:
    if params.price != "mid":
        yield Concern(
            ("price",),
            Words("tops have no last trade", "호가에는 체결가가 없습니다"),
            Words("write `price: mid`", "`price: mid`로 쓰세요"),
            code="K422",
        )
    if file.mode != "backtest":
        yield Concern(
            ("grid",),
            Words(
                "a grid of tops is judged in backtests only, and this file may run bolder",
                "호가 격자는 백테스트에서만 판단하는데 이 파일은 더 대담한 모드를 허용합니다",
            ),
            Words(
                "write `mode: backtest`, or judge at closes of bars: `bar:` without `grid:`",
                "`mode: backtest`로 쓰거나 봉 종가로 판단하도록 `bar:`를 쓰세요",
            ),
            code="K422",
        )
    for key, length in (("every", grid.every), ("max_age", grid.max_age)):
        if length % timedelta(milliseconds=1) != timedelta(0):
            yield Concern(
                ("grid", key),
                Words("tops are timed in whole milliseconds", "호가 시각은 밀리초 단위입니다"),
                Words("write a length such as `500ms` or `1s`", "`500ms`, `1s`처럼 쓰세요"),
                code="K422",
            )


def window_concerns(params: HasWindow, step: timedelta, key: str) -> Iterator[Concern]:
    """A window that is not made of whole rows, or can never be full."""
    if params.window % step != timedelta(0) or params.window < 2 * step:
        yield Concern(
            ("window",),
            Words("`window` is not a whole number of bars", "`window`가 봉 길이의 정수 배가 아닙니다"),
            Words(f"write a multiple of `{key}`, two or more of it", f"`{key}`의 두 배 이상인 정수 배로 쓰세요"),
            code="K422",
        )
    yield from day_concern(step, key)
    if params.min_present > _WHOLE:
        yield Concern(
            ("min_present",),
            Words("more than 100% of the bars can never be there", "100%를 넘는 봉은 있을 수 없습니다"),
            Words("write 100% or less", "100% 이하로 쓰세요"),
            code="K422",
        )
    if params.window // step > LONGEST:
        yield Concern(
            ("window",),
            Words(f"the window has more than {LONGEST} bars", f"창의 봉이 {LONGEST}개를 넘습니다"),
            Words("write a shorter window, or longer bars", "창을 줄이거나 봉을 늘리세요"),
            code="K422",
        )
    floor = mul(params.sigma_floor, Decimal(ONE))
    if floor != int(floor) or floor >= WIDEST:
        yield Concern(
            ("sigma_floor",),
            Words(
                "this is no whole number of 0.000001%, the step of a premium",
                "프리미엄의 단위 0.000001%로 나누어지지 않습니다",
            ),
            Words("write a ratio such as `0.05%`", "`0.05%`처럼 쓰세요"),
            code="K422",
        )


def rearm_concern(rearm: Rearm | None, lowest_entry: Decimal) -> Iterator[Concern]:
    if rearm is not None and rearm.below_z > lowest_entry:
        yield Concern(
            ("rearm", "below_z"),
            Words(
                "re-arms above the lowest entry: |z| between the two would fire at every bar",
                "가장 낮은 진입 값보다 위에서 다시 발동합니다: 그 사이의 |z|는 봉마다 발동합니다",
            ),
            Words(
                "write a value at or below the lowest entry, or `rearm: none`",
                "가장 낮은 진입 값 이하로 쓰거나 `rearm: none`으로 쓰세요",
            ),
            code="K402",
        )


def day_concern(step: timedelta, key: str = "bar") -> Iterator[Concern]:
    """Bars that leave a rest of a day have no grid."""
    if timedelta(days=1) % step != timedelta(0):
        yield Concern(
            tuple(key.split(".")),
            Words("bars of this length do not fit into a day", "이 길이의 봉은 하루를 나누지 못합니다"),
            Words(
                "write a length that divides 24 hours, such as `5m` or `1h`",
                "`5m`, `1h`처럼 24시간을 나누는 길이로 쓰세요",
            ),
            code="K422",
        )


def no_z_concern(policy: ExitPolicy) -> Iterator[Concern]:
    """Of a signal that has no z."""
    if policy.exit_z is not None:
        yield Concern(
            ("exit", "exit_z"),
            Words(
                "this signal has no z: a bound on it is never reached", "이 신호에는 z가 없습니다: 발동할 수 없습니다"
            ),
            Words("write `exit_z: none`", "`exit_z: none`으로 쓰세요"),
            code="K402",
        )
