"""`gates.correlation`: no second bet that is the first one by another name."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import isqrt
from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.domain import exact
from karb_core.ports import Concern, FileView, Reads, Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Plan, Verdict
    from karb_core.ports import AccountView, MarketView

_UNITS = 10**8  # karb: constant because premiums are held in so many units
_DIGITS = 4  # karb: constant because so many digits of a correlation are shown
_SHOWN = 10**_DIGITS  # karb: constant because digits are counted in tens


class CorrelationParams(Params):
    """How alike the premiums of two pairs may move that are open at once, and by which bars that is told."""

    most: PositiveRatio = rule(
        "how alike the premium may move with that of a pair that is open",
        ko="이미 열린 페어의 프리미엄과 얼마나 함께 움직여도 되는지(상관계수)",
        example="80%",
        tighter="lower",
    )
    of: Literal["levels", "changes"] = rule(
        "what is compared: `levels` of the premiums at the closes of bars, or their `changes` from bar to bar",
        ko="비교 대상: 봉 종가의 프리미엄 수준(levels) 또는 봉 사이의 변화(changes)",
        example="changes",
    )
    window: PositiveDuration = rule("over how long before now", ko="얼마 동안의 봉으로 계산하는지", example="7d")
    min_present: PositiveRatio = rule(
        "the part of these bars that both pairs must have",
        ko="두 페어에 모두 있어야 하는 봉의 비율",
        example="95%",
        tighter="higher",
    )


class Correlation:
    """Denies an entry whose premium moves like that of a pair that is open.

    Unit: Pearson's correlation over bars that both pairs have, exact; turned around where the two are on opposite sides,
    as the same move then helps one and hurts the other. A pair counts as open while it has a lot that is not flat, or is
    being entered; lots of the pair itself do not count here. Edge: exactly the limit passes; with nothing else open it
    passes; too few bars in common, or a premium that stood still, cannot be told and is denied.
    """

    name: ClassVar[str] = "correlation"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry whose premium moves like that of a pair that is open.",
        "이미 열린 페어와 프리미엄이 함께 움직이면 진입을 거부합니다.",
    )
    Params = CorrelationParams

    def __init__(self, params: CorrelationParams) -> None:
        from karb_core.rules.exits import nanoseconds

        self._params = params
        self._window_ns = nanoseconds(params.window)

    def reads(self) -> Reads:
        return Reads(past_ns=self._window_ns)

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Passed

        for pair, sides in _open(account).items():
            if pair != plan.pair:
                for side in sorted(sides):
                    denied = self._alike(plan, pair, side, view)
                    if denied is not None:
                        return denied
        return Passed()

    def _alike(self, plan: Plan, other: str, side: str, view: MarketView) -> Denied | None:
        from karb_core.domain.decisions import Denied
        from karb_gates.shown import percent

        mine, theirs = (self._seen(pair, view) for pair in (plan.pair, other))
        wanted, common = self._wanted(plan.pair, view), sorted(mine.keys() & theirs.keys())
        if not wanted or len(common) < exact.mul(self._params.min_present, Decimal(wanted)):
            told = f"{other}: {len(common)} of {wanted} bars in common"
            return Denied("min_present", told, percent(self._params.min_present))
        moved, alike, spread = _sums([mine[at] for at in common], [theirs[at] for at in common])
        if not spread:
            return Denied("most", f"{other}: a premium that stood still", percent(self._params.most))
        alike = alike if side == plan.proposals[0].side else -alike
        most, parts = self._params.most.as_integer_ratio()
        if alike <= 0 or alike * alike * parts * parts <= most * most * spread:
            return None
        shown = Decimal(isqrt(alike * alike * _SHOWN * _SHOWN // spread)).scaleb(-_DIGITS)
        return Denied("most", f"{other}: {percent(shown)} over {moved} bars", percent(self._params.most))

    def _wanted(self, pair: str, view: MarketView) -> int:
        """How many bars the window has, or moves between them; 0 where that cannot be told yet."""
        bars = view.past.get(pair, ())
        if len(bars) < 2:
            return 0
        return self._window_ns // (bars[1].closed_at_ns - bars[0].closed_at_ns) - (self._params.of == "changes")

    def _seen(self, pair: str, view: MarketView) -> dict[int, int]:
        """By the close of a bar, the premium in units, or how far it moved from the close before."""
        found: dict[int, int] = {}
        before: Decimal | None = None
        for bar in view.past.get(pair, ()):
            if bar.closed_at_ns > view.as_of_ns - self._window_ns and bar.premium is not None:
                if self._params.of == "levels":
                    found[bar.closed_at_ns] = _units(bar.premium)
                elif before is not None:
                    found[bar.closed_at_ns] = _units(bar.premium) - _units(before)
            before = bar.premium
        return found

    @classmethod
    def review(cls, params: CorrelationParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        """One pair alone is like no other."""
        if len(file.pairs) == 1:
            yield Concern(
                (),
                Words(
                    "there is no other pair to be like: it denies nothing",
                    "다른 페어가 없어 아무것도 거부하지 않습니다",
                ),
                Words("delete this line, or add a pair", "이 줄을 지우거나 페어를 추가하세요"),
                code="K402",
            )


def _open(account: AccountView) -> dict[str, set[str]]:
    """By pair, the sides on which something is open or being entered."""
    found: dict[str, set[str]] = {}
    for lot in account.lots:
        if not lot.flat:
            found.setdefault(lot.pair, set()).add(lot.side)
    for plan in account.entering.values():
        found.setdefault(plan.pair, set()).add(plan.proposals[0].side)
    return found


def _units(premium: Decimal) -> int:
    return int(exact.mul(exact.finite(premium), Decimal(_UNITS)))


def _sums(xs: list[int], ys: list[int]) -> tuple[int, int, int]:
    """How many, n times their covariance times n, and the product of both variances likewise: exact."""
    n, x, y = len(xs), sum(xs), sum(ys)
    alike = n * sum(a * b for a, b in zip(xs, ys, strict=True)) - x * y
    spread = (n * sum(a * a for a in xs) - x * x) * (n * sum(b * b for b in ys) - y * y)
    return n, alike, spread
