"""`gates.venue_warnings`: no entry in a market that its venue warns of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Concern, FileView, Reads, Stage
from karb_core.rules.choices import Distinct, OrNone
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.names import ShortName, VenueName
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class VenueWarningsParams(Params):
    """Whose warnings count, which do not, and how old they may be."""

    venue: VenueName = rule("the venue", ko="거래소", example="upbit")
    ignoring: OrNone[Distinct[ShortName]] = rule(
        "its warnings that you do not mind, in its own words in lower case, or `none`: each of them counts",
        ko="무시할 경고(거래소가 쓰는 말을 소문자로), 없으면 `none`: 모든 경고가 유효",
        example="[trading_volume_soaring]",
    )
    max_age: PositiveDuration = rule(
        "how long ago it may have been asked", ko="경고를 확인한 시각의 최대 나이", example="5m", tighter="lower"
    )


class VenueWarnings:
    """Denies while a venue warns of the market of a leg there.

    Caution flags and delisting reviews as the venue publishes them (Upbit: `warning`, `global_price_differences` and others;
    Bithumb: `warning`, `price_difference_high` and others), asked for each minute. A word that nobody knew before counts as
    well. Edge: a market of which the venue told nothing, or too long ago, is denied; a plan without a leg at this venue
    passes. Whether coins may be deposited or withdrawn is no part of it. On paper and live.
    """

    name: ClassVar[str] = "venue_warnings"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    modes: ClassVar[frozenset[str]] = frozenset({"paper", "live"})
    about: ClassVar[Words] = Words(
        "Denies while a venue warns of the market of a leg there.",
        "거래소가 그 종목에 주의·유의 경고를 내면 거부합니다.",
    )
    Params = VenueWarningsParams

    def __init__(self, params: VenueWarningsParams) -> None:
        from karb_core.rules.exits import nanoseconds

        self._params = params
        self._max_age_ns = nanoseconds(params.max_age)

    def reads(self) -> Reads:
        return Reads(cautions=True)

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed
        from karb_gates.shown import seconds

        ignored = set() if self._params.ignoring is None else set(self._params.ignoring)
        for leg in plan.legs:
            where, told = leg.instrument.text(), view.cautions.get(leg.instrument)
            if leg.instrument.venue != self._params.venue:
                continue
            if told is None:
                return Denied("max_age", f"{where}: its venue said nothing of it", seconds(self._max_age_ns))
            age_ns = view.as_of_ns - told.received_at_ns
            if not 0 <= age_ns <= self._max_age_ns:
                return Denied("max_age", f"{where}: told {seconds(age_ns)} ago", seconds(self._max_age_ns))
            counted = [flag for flag in told.flags if flag.lower() not in ignored]
            if counted:
                allowed = "none" if not ignored else ", ".join(sorted(ignored))
                return Denied("ignoring", f"{where}: {', '.join(counted)}", allowed)
        return Passed()

    @classmethod
    def review(cls, params: VenueWarningsParams, file: FileView) -> Iterator[Concern]:
        traded = {leg.venue for pair in file.pairs.values() for leg in (pair.near, pair.far)}
        if params.venue not in traded:
            yield Concern(
                ("venue",),
                Words(f"no pair trades at `{params.venue}`", f"`{params.venue}`에서 거래하는 페어가 없습니다"),
                Words(f"write one of {', '.join(sorted(traded))}", f"{', '.join(sorted(traded))} 중에서 쓰세요"),
                code="K402",
            )
