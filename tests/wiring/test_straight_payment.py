"""Lots by the short way are paid for where no account ever falls below what it may: whatever is looked at first."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karb_core.wiring.straight_lot import Entered, Left, Passage
from karb_core.wiring.straight_payment import is_paid_for

ACCOUNTS = (0, 1, 2)
FLOW = st.integers(-9, 9).map(Decimal)
FLOWS = st.tuples(*(st.tuples(st.just(account), FLOW) for account in ACCOUNTS))
LEAST = st.tuples(*(st.tuples(st.just(account), st.integers(-30, 0).map(Decimal)) for account in ACCOUNTS[:2]))
LOWEST = st.fixed_dictionaries({account: st.integers(-40, 0).map(Decimal) for account in ACCOUNTS[:2]})


@st.composite
def walked(draw: st.DrawFn) -> list[Passage]:
    """Of two pairs, each with one lot at a time; the last of a pair may still be open."""
    out = []
    for pair in ("BTC", "ETH"):
        at = 0
        for last in draw(st.lists(st.booleans(), max_size=4)):
            at += draw(st.integers(1, 3))
            came = draw(FLOWS)
            lot = Entered(at, Decimal(0), (), came, draw(LEAST))
            if last and draw(st.booleans()):
                out.append(Passage(pair, lot, None))
                break
            at += draw(st.integers(1, 3))
            back = draw(FLOWS)
            both = [(account, went + came_back) for (account, went), (_, came_back) in zip(came, back, strict=True)]
            left = Left(at, Decimal(0), (), back, tuple(each for each in both if each[1] < 0))
            out.append(Passage(pair, lot, left))
    return out


def paid(passages: list[Passage], lowest: dict[int, Decimal]) -> bool:
    """Step by step: entries of a time before exits."""
    happened = [(p.entered.at_ns, 0, p.entered.came, dict(p.entered.least)) for p in passages]
    happened += [(p.left.at_ns, 1, p.left.came, {}) for p in passages if p.left is not None]
    have = dict.fromkeys(ACCOUNTS, Decimal(0))
    for _, out, came, least in sorted(happened, key=lambda each: each[:2]):
        if any(have[account] < asked for account, asked in least.items()):
            return False
        for account, value in came:
            have[account] += value
            if out and have[account] < lowest.get(account, 0):
                return False
    return True


@given(walked(), LOWEST)
def test_it_says_what_step_by_step_says(passages: list[Passage], lowest: dict[int, Decimal]) -> None:
    assert is_paid_for(passages, lowest, 2) == paid(passages, lowest)


def test_what_is_just_enough_is_enough_and_a_step_less_is_not() -> None:
    lot = Entered(1, Decimal(0), (), ((0, Decimal(-5)),), ((0, Decimal(0)),))
    left = Left(2, Decimal(0), (), ((0, Decimal(2)),), ((0, Decimal(-3)),))
    assert is_paid_for([Passage("BTC", lot, left)], {0: Decimal(-3)}, 1)
    assert not is_paid_for([Passage("BTC", lot, left)], {0: Decimal(-2)}, 1)
