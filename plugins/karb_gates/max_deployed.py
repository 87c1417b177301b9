"""`gates.max_deployed`: how much of the capital may be in positions, in all and at one venue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.domain import exact
from karb_core.ports import Concern, FileView, Stage
from karb_core.rules.choices import OrNone
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class MaxDeployedParams(Params):
    """The limits after an entry, as parts of the capital."""

    counts: Literal["near_leg", "both_legs"] = rule(
        "what `in_all` counts: the first leg of each pair alone, or both legs with the other's margin",
        ko="`in_all`이 세는 것: 국내 다리만(near_leg) 또는 해외 증거금까지(both_legs)",
        example="both_legs",
    )
    in_all: OrNone[PositiveRatio] = rule(
        "the most all pairs together may have deployed, of capital, or `none`",
        ko="모든 페어를 합해 투입할 수 있는 한도(자본 대비), 쓰지 않으면 `none`",
        example="95%",
        tighter="lower",
    )
    venues: OrNone[Mapping[str, PositiveRatio]] = rule(
        "by venue, the most that may be deployed there, of capital, or `none`",
        ko="거래소별로 투입할 수 있는 한도(자본 대비), 쓰지 않으면 `none`",
        example="none",
    )


class MaxDeployed:
    """Denies an entry after which more of the capital would be in positions than you allow, in all or at one venue.

    Unit: in the asset of the capital; spot at what it cost at entry (coins of yours that were sold at what they brought),
    margin at the leverage you state, abroad through the `money` rate of now. Edge: exactly the limit passes; a lot counts
    whole until nothing of it is open; what cannot be counted is denied.
    """

    name: ClassVar[str] = "max_deployed"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry after which more of the capital would be in positions than you allow, in all or at one venue.",
        "진입 후 투입된 자본이 전체 또는 한 거래소의 한도를 넘으면 거부합니다.",
    )
    Params = MaxDeployedParams

    def __init__(self, params: MaxDeployedParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed, ProposalKind
        from karb_gates.deployed import Uncounted, deployed

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        params, total, venues = self._params, Decimal(0), dict[str, Decimal]()
        try:
            for at, instrument, value in deployed(plan, view, account):
                if not at or params.counts == "both_legs":
                    total = exact.add(total, value)
                venues[instrument.venue] = exact.add(venues.get(instrument.venue, Decimal(0)), value)
        except Uncounted as e:
            return Denied("in_all" if params.in_all is not None else "venues", str(e), "what can be counted")
        asked = {} if params.in_all is None else {"in_all": (total, params.in_all)}
        asked |= {
            f"venues.{venue}": (venues[venue], most) for venue, most in (params.venues or {}).items() if venue in venues
        }
        for rule_, (after, most) in asked.items():
            if (denied := _beyond(rule_, after, most, account)) is not None:
                return denied
        return Passed()

    @classmethod
    def review(cls, params: MaxDeployedParams, file: FileView) -> Iterator[Concern]:
        """A venue that no pair trades at, and a line that limits nothing."""
        traded = {leg.venue for pair in file.pairs.values() for leg in (pair.near, pair.far)}
        for venue in params.venues or {}:
            if venue not in traded:
                yield Concern(
                    ("venues", venue),
                    Words(f"no pair trades at `{venue}`", f"`{venue}`에서 거래하는 페어가 없습니다"),
                    Words(f"write one of {', '.join(sorted(traded))}", f"{', '.join(sorted(traded))} 중에서 쓰세요"),
                    code="K402",
                )
        if params.in_all is None and not params.venues:
            yield Concern(
                (),
                Words("no limit is written: it denies nothing", "한도가 없어 아무것도 거부하지 않습니다"),
                Words(
                    "write `in_all` or `venues`, or delete this line", "`in_all`이나 `venues`를 쓰거나 이 줄을 지우세요"
                ),
                code="K402",
            )


def _beyond(rule_: str, after: Decimal, most: Decimal, account: AccountView) -> Denied | None:
    from karb_core.domain.decisions import Denied

    limit = exact.mul(most, account.terms.capital.value)
    if after <= limit:
        return None
    book = account.terms.book
    return Denied(rule_, f"{exact.text(after)} {book} with this entry", f"{exact.text(limit)} {book}")
