"""Gates that count: open lots, entries of a day, and the time since something happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Denied, Passed, Plan
from karb_core.ports import AccountView, Ended
from karb_gates.cooldown import Cooldown
from karb_gates.max_open import MaxOpen
from karb_gates.max_trades import MaxTrades
from tests.plugins.karb_gates.asked import built, rule_of
from tests.plugins.scene import LONG, NOW, SECOND, SHORT, account, leaving, lot, plan, proposal, view
from tests.rulebook.shipped import checked, edited

GATE = "  - {use: gates.profit_only_exit, at: [exit]}\n"
#: 13:46:40 UTC on 12 January 1970: 22:46:40 in Korea.
MIDNIGHT = NOW - (22 * 3600 + 46 * 60 + 40) * SECOND


def ended(
    name: str = "old",
    *,
    pair: str = "BTC",
    side: str = SHORT,
    opened_ns: int = 0,
    ended_ns: int = NOW,
    net: str | None = "1",
) -> Ended:
    came = None if net is None else Amount.read(f"{net} KRW")
    return Ended(name, pair, "normal", side, opened_ns, ended_ns, came)


def entering(pair: str = "BTC", name: str = "new", side: str = SHORT) -> Plan:
    return replace(plan("1", "103000", proposal(pair=pair, side=side)), intent_id=name)


def with_lots(*lots: Any, eth: int = 0, **more: Any) -> AccountView:
    others = tuple(lot(name=f"eth-{n}", pair="ETH") for n in range(eth))
    return replace(account(*lots, others=others), **more)


def opened(written: str, of: AccountView, way: Any = None) -> Any:
    return built(MaxOpen, written).check(way or plan(), view(), of)


@pytest.mark.parametrize(
    ("btc", "eth", "denied"),
    [(0, 0, None), (1, 0, None), (2, 0, "per_pair"), (0, 3, None), (1, 2, None), (1, 3, "in_all"), (0, 4, "in_all")],
)
def test_so_many_lots_may_be_open_with_the_entry(btc: int, eth: int, denied: str | None) -> None:
    held = [lot(name=f"btc-{n}") for n in range(btc)]
    assert rule_of(opened("{per_pair: 2, in_all: 4}", with_lots(*held, eth=eth))) == denied


def test_an_entry_under_way_counts_once_also_when_a_part_of_it_has_filled() -> None:
    under_way = {"new": entering("ETH")}
    assert rule_of(opened("{per_pair: none, in_all: 1}", with_lots(entering=under_way))) == "in_all"
    partly = with_lots(lot(name="new"), entering={"new": entering()})
    assert opened("{per_pair: 2, in_all: 2}", partly) == Passed()
    assert rule_of(opened("{per_pair: 1, in_all: none}", partly)) == "per_pair"


def test_a_way_out_is_never_counted() -> None:
    held = lot()
    assert opened("{per_pair: 1, in_all: 1}", with_lots(held, eth=3), leaving(held)) == Passed()


def test_a_denial_tells_how_many_there_would_be() -> None:
    assert opened("{per_pair: 1, in_all: none}", with_lots(lot())) == Denied(
        "per_pair", "2 lots open with this entry", "1"
    )


def test_a_line_that_counts_nothing_is_refused() -> None:
    line = "  - {use: gates.max_open, at: [entry], with: {per_pair: none, in_all: none}}\n"
    assert [e.code for e in checked(edited((GATE, GATE + line))).errors] == ["K402"]


def traded(of: AccountView, *, most: int = 2, per: str = "file", day: str = "00:00 KST", way: Any = None) -> Any:
    written = f"{{most: {most}, day: '{day}', per: {per}}}"
    return built(MaxTrades, written).check(way or plan(), view(), of)


@pytest.mark.parametrize(("opened_ns", "denied"), [(MIDNIGHT - 1, None), (MIDNIGHT, "most"), (NOW, "most")])
def test_entries_count_from_the_owners_midnight_on(opened_ns: int, denied: str | None) -> None:
    of = with_lots(lot(opened_at_ns=opened_ns), ended=(ended(opened_ns=NOW - 1),))
    assert rule_of(traded(of)) == denied


def test_the_owner_says_when_a_day_begins() -> None:
    of = with_lots(ended=(ended("a", opened_ns=MIDNIGHT), ended("b", opened_ns=MIDNIGHT)))
    assert rule_of(traded(of)) == "most"
    assert traded(of, day="09:00 KST") == Passed()
    assert rule_of(traded(of, day="13:47 UTC")) == "most"
    assert traded(of, day="13:46 UTC") == Passed()


def test_each_pair_has_its_own_or_all_have_one() -> None:
    of = with_lots(ended=(ended("a", pair="ETH", opened_ns=NOW), ended("b", pair="ETH", opened_ns=NOW)))
    assert rule_of(traded(of)) == "most"
    assert traded(of, per="pair") == Passed()


def test_an_entry_is_counted_once_whatever_became_of_it() -> None:
    partly = with_lots(lot(name="new", opened_at_ns=NOW), entering={"new": entering()})
    assert traded(partly) == Passed()
    assert traded(partly, most=1) == Denied("most", "2 entries since 1970-01-11T15:00:00Z with this one", "1")


def test_a_way_out_is_no_entry() -> None:
    held = lot(opened_at_ns=NOW)
    assert traded(with_lots(held), most=1, way=leaving(held)) == Passed()


def waited(of: AccountView, after: str = "exit", per: str = "pair", *, seconds: int = 60, now_ns: int = NOW) -> Any:
    written = f"{{after: {after}, for: {seconds}s, per: {per}}}"
    return built(Cooldown, written).check(plan(), view(as_of_ns=now_ns), of)


@pytest.mark.parametrize(("after_ns", "denied"), [(0, "for"), (60 * SECOND - 1, "for"), (60 * SECOND, None)])
def test_exactly_so_long_after_it_one_may_enter(after_ns: int, denied: str | None) -> None:
    left = with_lots(ended=(ended("a", ended_ns=NOW - 900 * SECOND), ended("b")))
    assert rule_of(waited(left, now_ns=NOW + after_ns)) == denied
    made = with_lots(lot(opened_at_ns=NOW), lot(name="older"))
    assert rule_of(waited(made, "entry", now_ns=NOW + after_ns)) == denied


def test_after_a_loss_only_losses_count_and_one_that_nobody_could_count_is_one() -> None:
    told = {net: rule_of(waited(with_lots(ended=(ended(net=net),)), "loss")) for net in ("1", "0", "-0.01", None)}
    assert told == {"1": None, "0": None, "-0.01": "for", None: "for"}


def test_the_pair_waits_or_its_side_or_the_whole_file() -> None:
    mine = ended()
    told = {
        per: [
            rule_of(waited(with_lots(ended=(one,)), per=per))
            for one in (mine, replace(mine, side=LONG), replace(mine, pair="ETH"))
        ]
        for per in ("pair", "side", "file")
    }
    assert told == {"pair": ["for", "for", None], "side": ["for", None, None], "file": ["for", "for", "for"]}


def test_an_entry_that_ended_already_was_an_entry_and_so_is_one_under_way() -> None:
    assert rule_of(waited(with_lots(ended=(ended(opened_ns=NOW - SECOND),)), "entry")) == "for"
    assert rule_of(waited(with_lots(entering={"x": entering("ETH")}), "entry", "file", now_ns=NOW)) == "for"
    assert waited(with_lots(entering={"x": entering("ETH")}), "entry") == Passed()


def test_a_denial_tells_since_when_and_until_when() -> None:
    assert waited(with_lots(ended=(ended(),))) == Denied(
        "for", "the last exit was at 1970-01-12T13:46:40Z", "nothing until 1970-01-12T13:47:40Z"
    )


def test_leaving_never_waits() -> None:
    held = lot(opened_at_ns=NOW)
    gate = built(Cooldown, "{after: entry, for: 60s, per: file}")
    assert gate.check(leaving(held), view(), with_lots(held)) == Passed()
