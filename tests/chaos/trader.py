"""What the owner of an episode's file wants: one entry when it is time, and a way out when it is time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cause, Cited, LegTarget, Proposal, ProposalKind
from karb_core.domain.exact import mul
from karb_core.domain.instrument import Instrument
from karb_core.engine.leg_rules import LadderRung, LegRules, Rung
from karb_core.engine.strategy import GateSeat, RateRule, Strategy
from karb_core.ports import AccountView, Judgement, Moment, PairTerms, Sized, Standing, Terms
from karb_gates.fresh import Fresh
from tests.chaos.places import FAR, NEAR, accounts
from tests.chaos.rates import Night

PAIR = "BTC"
LEGS = (NEAR, FAR)
SECOND = 1_000_000_000
FACTS = {i: facts for terms in accounts() for i, facts in terms.facts.items()}


@dataclass(frozen=True, slots=True)
class Wish:
    """`long`: buys near and sells far; else the other way round, from the owner's coins. Times from the start."""

    long: bool
    amount: Decimal
    enter_ns: int
    leave_ns: int


def _cited(rule: str) -> Cited:
    return Cited(rule, "episode.yaml", 1, "as drawn")


class Wishes:
    """A signal. It enters once while flat in each wish's time, and leaves every lot when that is over."""

    def __init__(self, wishes: tuple[Wish, ...], start_ns: int) -> None:
        self._wishes, self._start_ns = wishes, start_ns

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        at_ns = moment.at_ns - self._start_ns
        wish = next((w for w in self._wishes if w.enter_ns <= at_ns < w.leave_ns), None)
        if wish is None:
            return Judgement(tuple(self._exit(lot.id, lot.side) for lot in standing.lots))
        tier = str(wish.enter_ns)
        if standing.lots or standing.spent(tier):
            return Judgement()
        way = "long" if wish.long else "short"
        entry = Proposal(
            pair=PAIR, kind=ProposalKind.ENTRY, cause=Cause.TAKEN, tier=tier, side=way, rules=("entry",), lot_ids=(),
            target=None, seen=(("amount", wish.amount),),
        )  # fmt: skip
        return Judgement((entry,))

    def _exit(self, lot_id: str, side: str) -> Proposal:
        return Proposal(
            pair=PAIR, kind=ProposalKind.EXIT, cause=Cause.TAKEN, tier=None, side=side, rules=("exit",),
            lot_ids=(lot_id,), target=None, seen=(),
        )  # fmt: skip

    rows = features = wakes = None  # never asked for here: no bars are judged


class AsWished:
    """A sizing: the amount the wish named, on both legs, at the prices we would trade."""

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized:
        amount = dict(proposal.seen)["amount"]
        assert isinstance(amount, Decimal)
        signs = (Decimal(1), Decimal(-1)) if proposal.side == "long" else (Decimal(-1), Decimal(1))
        legs = [_leg(moment, i, mul(amount, sign)) for i, sign in enumerate(signs)]
        return Sized(tuple(legs), ("size",))


def _leg(moment: Moment, i: int, amount: Decimal) -> LegTarget:
    instrument: Instrument = moment.legs[i]
    top = moment.tops[i]
    return LegTarget(instrument, instrument.amount(amount), instrument.price(top.ask if amount > 0 else top.bid))


TERMS = Terms(
    strategy="episode", rules_digest="sha256:episode", capital=Amount(Decimal(40_000_000), "KRW"), reserve=Decimal(0),
    pairs={PAIR: PairTerms(PAIR, LEGS, Decimal(1))}, costs={i.venue: Decimal("0.0005") for i in LEGS},
    leverage={NEAR.venue: Decimal(1), FAR.venue: Decimal(2)}, facts=FACTS,
)  # fmt: skip


def ladder(kinds: str, *, weighs: bool = False) -> tuple[LadderRung, ...]:
    """`rruh`: two retries, an unwind, a halt; the bands widen and the times are those of the shipped files."""
    bands = {"r": ("0.005", "0.01"), "u": ("0.02",), "h": ("0",)}
    seconds = {"r": 2, "u": 5, "h": 0}
    rung = {"r": Rung.RETRY, "u": Rung.UNWIND, "h": Rung.HALT}
    seen: dict[str, int] = {}
    out = []
    for i, kind in enumerate(kinds):
        band = bands[kind][min(seen.get(kind, 0), len(bands[kind]) - 1)]
        seen[kind] = seen.get(kind, 0) + 1
        cited = _cited(f"/execution/on_one_leg/{i}")
        cheaper = weighs and kind == "r"
        out.append(LadderRung(rung[kind], Decimal(band), seconds[kind] * SECOND, cited, cheaper))
    return tuple(out)


#: How old the rate may be: its market never closes, but in a night.
_MONEY = RateRule("money", 2 * SECOND, None, lambda _: True, lambda name: _cited(f"/fx_source/money/with/{name}"))


def leg_rules(first: int | None, kinds: str, *, weighs: bool = False) -> LegRules:
    return LegRules(
        first, Decimal("0.002"), 10 * SECOND, ladder(kinds, weighs=weighs), 20 * SECOND, _cited("/execution/price/band"),
        _cited("/execution/on_unknown/then"),
    )  # fmt: skip


def strategy(wishes: tuple[Wish, ...], start_ns: int, rules: LegRules, night: Night | None = None) -> Strategy:
    """With the shipped gate on stale books, as the shipped files state it."""
    money = (
        _MONEY if night is None else replace(_MONEY, closed_ns=night.kept_ns, is_open=lambda at: not night.is_on(at))
    )
    params = Fresh.Params.model_validate({"book": "2s", "between_legs": "1s"})
    fresh = GateSeat("fresh", Fresh(params), frozenset({"entry"}), _under("/risk_gates/0/with"))
    return Strategy(
        terms=TERMS, signal=Wishes(wishes, start_ns), signal_cite=_under("/signal/with"),  # type: ignore[arg-type]
        sizing=AsWished(), sizing_cite=_under("/sizing/with"), gates=(fresh,), rates=(money,), legs=rules,
        file_cite=_cited,
    )  # fmt: skip


def _under(place: str) -> Callable[[str], Cited]:
    return lambda name: _cited(f"{place}/{name}")
