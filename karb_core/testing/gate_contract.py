"""The contract of a risk gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from karb_core.domain.decisions import Denied, Passed, Plan, Verdict
from karb_core.domain.market import Depth, FxRate, Level, Mark, Top
from karb_core.ports import AccountView, MarketView, PastBar, Stood
from karb_core.testing.deciding_contract import DecidingContract
from karb_core.testing.looked_up import LookedUp

Case = tuple[Plan, MarketView, AccountView]
_SEEN = ("tops", "rates", "marks", "funding", "status", "stood", "depths", "past", "clocks", "cautions")
_NAN = Decimal("NaN")


class RiskGateContract(DecidingContract):
    """cases: what it is asked, at least one that it passes and one that it denies.

    may_miss, may_be_nan: of `tops`, `rates`, `marks`, `funding`, `status`, `stood`, `depths`, `past`, `clocks`, `cautions`, those that it
    may look for and not find, or find to be no number, and pass nevertheless; each with the reason.
    """

    port: ClassVar[str] = "risk_gate"
    may_miss: ClassVar[Mapping[str, str]] = {}
    may_be_nan: ClassVar[Mapping[str, str]] = {}

    def cases(self) -> Sequence[Case]:
        raise NotImplementedError

    def inputs(self) -> Any:
        return self.cases()

    def outcomes(self, component: Any) -> object:
        return [component.check(*case) for case in self.inputs()]

    def test_it_says_where_it_may_stand(self) -> None:
        stands = getattr(self.component, "stands", frozenset({"entry", "exit"}))
        assert stands, "`stands` is a set of `entry` and `exit`"

    def test_it_passes_and_denies(self) -> None:
        kinds = {type(self.built().check(*case)) for case in self.cases()}
        assert kinds == {Passed, Denied}, "`cases` has one that it passes and one that it denies"

    def test_what_it_denies_names_one_of_its_rules_and_says_what_it_saw(self) -> None:
        for verdict in (self.built().check(*case) for case in self.cases()):
            if isinstance(verdict, Denied):
                assert not self.no_lines([verdict.rule]), f"{verdict.rule!r} is no line of the owner's"
                assert verdict.observed, "what it saw"
                assert verdict.limit, "what the owner allows"

    def test_what_it_looks_for_and_cannot_find_it_denies(self) -> None:
        for case in self._passed():
            for field, key, view in _without_one(case[1]):
                asked = view.asked
                verdict = self._verdict((case[0], _seeing(case[1], field, view), case[2]))
                fails_open = isinstance(verdict, Passed) and key in asked and field not in self.may_miss
                assert not fails_open, f"`{field}` has no {key}, it looked for it, and passed"

    def test_what_it_looks_at_and_is_no_number_it_denies(self) -> None:
        for case in self._passed():
            for field, key, view in _with_nan(case[1]):
                verdict = self._verdict((case[0], _seeing(case[1], field, view), case[2]))
                fails_open = isinstance(verdict, Passed) and key in view.asked and field not in self.may_be_nan
                assert not fails_open, f"{key} in `{field}` is no number, it looked at it, and passed"

    def _passed(self) -> list[Case]:
        return [case for case in self.cases() if isinstance(self.built().check(*case), Passed)]

    def _verdict(self, case: Case) -> Verdict | None:
        """None for an exception: the gatehouse takes it for a refusal."""
        try:
            verdict: Verdict = self.built().check(*case)
        except Exception:  # noqa: BLE001 - whatever it raises is a refusal
            return None
        return verdict


def _seeing(view: MarketView, field: str, instead: LookedUp[Any, Any]) -> MarketView:
    changes: dict[str, Any] = {field: instead}
    return replace(view, **changes)


def _without_one(view: MarketView) -> Iterator[tuple[str, object, LookedUp[Any, Any]]]:
    for field in _SEEN:
        there: Mapping[Any, Any] = getattr(view, field)
        for left_out in there:
            yield field, left_out, LookedUp({key: value for key, value in there.items() if key != left_out})


def _with_nan(view: MarketView) -> Iterator[tuple[str, object, LookedUp[Any, Any]]]:
    for field in ("tops", "rates", "marks", "stood", "depths", "past"):
        there: Mapping[Any, Any] = getattr(view, field)
        for spoilt in there:
            yield field, spoilt, LookedUp({**there, spoilt: _spoilt(there[spoilt])})


def _spoilt(value: Any) -> Any:
    """Every number in it is none; of what lies one after the other, in each."""
    match value:
        case Top():
            return replace(value, bid=_NAN, ask=_NAN)
        case FxRate():
            return replace(value, rate=_NAN)
        case Mark():
            return replace(value, price=_NAN)
        case Depth():
            bids, asks = (tuple(Level(level.price, _NAN) for level in side) for side in (value.bids, value.asks))
            return replace(value, bids=bids, asks=asks)
        case Stood():
            return Stood(value.since_ns, _NAN)
        case PastBar():
            none = (_NAN,) * len(value.closes)
            return replace(value, closes=none, volumes=none, premium=_NAN)
    return tuple(_spoilt(each) for each in value)
