"""Rows 9, 39, 41, 54, 62 to 66 and 68: when rules are judged, what they are judged by, and what they mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import core_schema

from karb_core.domain import korean_day
from karb_core.domain.decisions import DecisionKind, Denied, Passed
from karb_core.domain.market import FundingRate
from karb_core.domain.orders import Filled, Side
from karb_core.engine import gatehouse
from karb_core.engine.strategy import GateSeat
from karb_core.errors import DataUnusable
from karb_core.history import load as loading
from karb_core.history.bar_columns import BarColumns
from karb_core.ledger.ongoing import Ongoing
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Fired, Standing
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rules import clock
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.rules.written import Written
from karb_core.wiring.pair_window import PairWindow
from karb_gates import funding_window
from karb_gates.funding_window import FundingWindow, FundingWindowParams
from karb_premium.zscore import ZScore
from tests.chaos.stakes.stake import Stake
from tests.engine import scene as eur
from tests.plugins.karb_premium.signals import plain
from tests.plugins.karb_research.stages import decision
from tests.plugins.karb_sim import test_bars as bars
from tests.plugins.scene import FAR, NEAR, TERMS, account, lot, moment, plan, tops, view
from tests.venue.accounts import PERPETUAL, order
from tests.wiring import test_pair_window as windows
from tests.wiring.hourly import write_hourly

D = Decimal
HOUR = 3600 * eur.SECOND

# 9


def judges_when_every_leg_has_closed(place: Path) -> None:
    """Row 9. A row is judged once the last of its legs' bars has closed, and never on one that is still being made."""
    window = PairWindow(windows.PAIR, plain())
    first = window.bar(windows.bar(windows.NEAR, 0, 100.0))
    assert first is None, "a row was judged of which a bar is not closed"
    assert window.bar(windows.bar(windows.FAR, 0, 1.0)) is not None


def judges_what_is_there(patch: pytest.MonkeyPatch) -> None:
    real = PairWindow.bar
    patch.setattr(PairWindow, "bar", lambda self, bar: real(self, bar) or (bar.end_ns, {}))


# 39


def fires_once_until_rearmed(place: Path) -> None:
    """Row 39. What has fired is spent: the same signal at the next row enters nothing."""
    signal, once = plain(rearm={"below_z": 1}), Standing((), (Fired("", 0, D("0.03"), True),))
    assert signal.judge(moment(z=2.5), Standing(), TERMS).proposals
    assert not signal.judge(moment(z=2.5), once, TERMS).proposals, "entered again by the same signal"


def fires_at_every_row(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Standing, "spent", lambda self, tier: False)


# 41


def knows_each_perpetuals_own_settlements(place: Path) -> None:
    """Row 41. When funding is settled next is what the venue says of that perpetual: four hours after the last, here."""
    gate = FundingWindow(FundingWindowParams.model_validate({"before": "10m", "after": "0s"}))
    last = FundingRate(FAR, D("0.0001"), 16 * HOUR, True, 4 * HOUR, 16 * HOUR, 16 * HOUR)
    facts = {NEAR: eur.facts(NEAR, "0.00000001", "1"), FAR: eur.facts(FAR, "0.001", "0.1", margin="USDT")}
    now = replace(view(*tops(at_ns=20 * HOUR)), as_of_ns=20 * HOUR - 300 * eur.SECOND, funding={FAR: last})
    asked = gate.check(plan(), now, account(terms=replace(TERMS, facts=facts)))
    assert isinstance(asked, Denied), "a settlement was passed over that does not come every eight hours"


def settles_three_times_a_day(patch: pytest.MonkeyPatch) -> None:
    day = 8 * HOUR
    patch.setattr(funding_window, "_settlements", lambda told, now: (now // day * day, (now // day + 1) * day))


# 54


def begins_a_day_at_midnight_in_seoul(place: Path) -> None:
    """Row 54. The day of losses and of trades is the owner's: half past midnight in Seoul is a new one, not yet in UTC."""
    at_ns = int(datetime(2025, 3, 9, 15, 30, tzinfo=UTC).timestamp()) * eur.SECOND
    assert korean_day.day_of(at_ns) == date(2025, 3, 10), "a day was begun at nine in the morning"
    assert at_ns - clock.day_began_ns("00:00 KST", at_ns) == HOUR // 2, "a day was begun at nine in the morning"


def begins_it_in_utc(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(korean_day, "KST", UTC)
    patch.setattr(clock, "KST", UTC)


# 62


def tells_what_goes_on_once(place: Path) -> None:
    """Row 62. A refusal that goes on is one row with a count, and is told once, not at every tick."""
    ongoing, rows = Ongoing(), 0
    for at_ns in range(5):
        refused = replace(decision(DecisionKind.REFUSAL, "/risk_gates/0"), at_ns=at_ns)
        if ongoing.counted(refused) is None:
            ongoing.begun(refused, rows)
            rows += 1
    assert rows == 1, "told at every tick"


def tells_it_at_every_tick(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ongoing, "counted", lambda self, decision: None)


# 63


def leaves_a_lot_by_the_rules_that_opened_it(place: Path) -> None:
    """Row 63. A target that was written otherwise since is for lots to come: the open one keeps its own."""
    signal = plain({"profit": "gross"}, take_profit="0.1%")
    now = moment(at=tops(near="102700"), z=0.0)
    held = Standing((lot(target="0.004"),))
    assert signal.judge(now, Standing((lot(target="0.002"),)), TERMS).proposals
    assert not signal.judge(now, held, TERMS).proposals, "a lot follows the file as it is now"


def leaves_it_by_the_rules_of_now(patch: pytest.MonkeyPatch) -> None:
    real = ZScore.judge

    def by_now(self: ZScore, now: Any, standing: Standing, terms: Any) -> Any:
        lots = tuple(replace(each, target=D("0.001")) for each in standing.lots)
        return real(self, now, replace(standing, lots=lots), terms)

    patch.setattr(ZScore, "judge", by_now)


# 64


def asks_for_the_unit(place: Path) -> None:
    """Row 64. 0.3 might be 0.3 % or 30 %: where a ratio is asked for, a number without its unit is refused."""

    class Limit(Params):
        limit: PositiveRatio = rule("a limit", ko="한도", example="0.3%")

    assert Limit.model_validate({"limit": "0.3%"}).limit == D("0.003")
    with pytest.raises(ValidationError):
        Limit.model_validate({"limit": "0.3"})
        raise AssertionError("a number without a unit was taken for one with it")


def takes_a_number_as_it_is(patch: pytest.MonkeyPatch) -> None:
    def read(value: str) -> Decimal:
        return D(value[:-1]) / 100 if value.endswith("%") else D(value)

    schema = core_schema.no_info_plain_validator_function(read)
    patch.setattr(Written, "__get_pydantic_core_schema__", lambda self, source, handler: schema)


# 65


class _OfNaN:
    """A gate whose number is none."""

    def check(self, plan: Any, view: Any, account: Any) -> Any:
        return Passed() if D("NaN") < 1 else Denied("most", "more", "less")


def refuses_what_it_cannot_compute(place: Path) -> None:
    """Row 65. A comparison with NaN is no answer: the gate is closed, and says that it could not compute."""
    seat = GateSeat("nan", _OfNaN(), frozenset({"entry"}), eur.cited)
    denied = gatehouse.ask(eur.strategy(eur.Proposes(), gates=(seat,)), plan(), view(), account())
    assert [each.limit for each in denied] == ["a gate that can compute"], "passed by a gate that could not compute"


def passes_what_did_not_refuse(patch: pytest.MonkeyPatch) -> None:
    def lenient(seat: GateSeat, *asked: Any) -> Denied | None:
        try:
            verdict = seat.gate.check(*asked)
        except ArithmeticError:
            return None
        return verdict if isinstance(verdict, Denied) else None

    patch.setattr(gatehouse, "_ask", lenient)


# 66


def fills_at_what_comes_after(place: Path) -> None:
    """Row 66. What was judged at a close fills at the next open, on its own side: never at the price it was judged by."""
    venues = bars.opened(bars.market(), slippage="10bp")
    venues.at(bars.at(3))
    sold = bars.place(venues, order(PERPETUAL, Side.SELL, "0.1", "50000", leg=1))
    assert isinstance(sold, Filled)
    opens, slipped = D(63_003), D("0.999")
    assert abs(sold.cost).value == D("0.1") * opens * slipped, "filled at the close that it was judged by"


def fills_at_the_last_close(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BarColumns, "open_at", BarColumns.close_at)


# 68


def trades_nothing_before_it_was_listed(place: Path) -> None:
    """Row 68. What is listed today was not always: bars from before its facts hold are refused, not traded."""
    market = write_hourly(place)
    text = market.read_text("utf-8")
    market.write_text(text.replace("from: none", "from: 2025-01-10", 1), "utf-8")
    dataset = dataset_of(str(market), Catalogue.installed())
    with pytest.raises(DataUnusable):
        loading.load(dataset, dataset.facts, ())
        raise AssertionError("bars from before the listing were taken")


def trades_what_is_listed_today(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(loading, "_need_facts", lambda place, loaded: None)


STAKES = (
    Stake(9, judges_when_every_leg_has_closed, judges_what_is_there, "a row was judged of which a bar is not closed"),
    Stake(39, fires_once_until_rearmed, fires_at_every_row, "entered again by the same signal"),
    Stake(41, knows_each_perpetuals_own_settlements, settles_three_times_a_day, "does not come every eight hours"),
    Stake(54, begins_a_day_at_midnight_in_seoul, begins_it_in_utc, "at nine in the morning"),
    Stake(62, tells_what_goes_on_once, tells_it_at_every_tick, "told at every tick"),
    Stake(63, leaves_a_lot_by_the_rules_that_opened_it, leaves_it_by_the_rules_of_now, "follows the file as it is now"),
    Stake(64, asks_for_the_unit, takes_a_number_as_it_is, "a number without a unit"),
    Stake(65, refuses_what_it_cannot_compute, passes_what_did_not_refuse, "by a gate that could not compute"),
    Stake(66, fills_at_what_comes_after, fills_at_the_last_close, "filled at the close that it was judged by"),
    Stake(68, trades_nothing_before_it_was_listed, trades_what_is_listed_today, "from before the listing"),
)
