"""Rows 27, 29, 48, 51 and 55: what an account may ask, how it is set, what it pays, until when, and by whose clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from karb_binance import account as binance_account
from karb_binance import facts as binance_facts
from karb_binance import settings as binance_settings
from karb_binance.account import BinanceAccount
from karb_core.connection import http_connection
from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.failures import NothingSent
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.request import Answer, Request
from karb_core.connection.token_bucket import TokenBucket
from karb_core.domain.approved import Approved
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Rejected
from karb_core.ports import AccountSetting
from karb_core.wiring import accounts as real_accounts
from karb_core.wiring import virtual_loop
from karb_core.wiring.accounts import Accounts, RealAccount
from karb_core.wiring.ending_keys import EndingKeys
from karb_core.wiring.virtual_clock import VirtualClock
from karb_upbit.limits import Limits, told_left
from tests.chaos.stakes.stake import Stake
from tests.plugins.karb_binance.binance_here import BinanceHere
from tests.plugins.karb_binance.test_account import (
    CONFIG,
    FEES,
    NOW,
    PLACE,
    RIGHTS,
    SECOND,
    TRADE,
    TRADES,
    at_binance,
    order,
    told,
)

D = Decimal
_DAY = 86_400 * SECOND

# 27


def keeps_turns_for_what_reduces_risk(place: Path) -> None:
    """Row 27. When entries have used all that they may of a venue's limit, a cancel or a close still goes at once."""
    bucket = Limits().order
    while bucket.free_at(NOW, reduces=False) <= NOW:
        bucket.take(NOW)
    assert bucket.free_at(NOW, reduces=True) <= NOW, "a way out waited behind entries"


def shares_one_budget(patch: pytest.MonkeyPatch) -> None:
    free_at = TokenBucket.free_at
    patch.setattr(TokenBucket, "free_at", lambda self, now, *, reduces: free_at(replace(self, kept=0), now, reduces=reduces))  # fmt: skip
    patch.setattr(TokenBucket, "__post_init__", lambda self: None)


def _asked(*answers: Answer) -> tuple[list[float], str]:
    """When each of two orders went out, in seconds, and why the second did not where it did not."""
    went: list[float] = []
    script = list(answers)

    async def transport(request: Request) -> Answer:
        went.append(asyncio.get_running_loop().time())
        return script.pop(0) if len(script) > 1 else script[0]

    async def run() -> str:
        connection = HttpConnection(_Closes(transport), VirtualClock(), told_left, 5 * SECOND)
        bucket = Limits().order
        await connection.send(lambda: Request("POST", "/"), bucket)
        try:
            await connection.send(lambda: Request("POST", "/"), bucket)
        except NothingSent as e:
            return e.why
        return ""

    why = virtual_loop.run(run(), NOW)
    return [at - went[0] for at in went], why


class _Closes:
    def __init__(self, asks: Callable[[Request], Any]) -> None:
        self._asks = asks

    async def __call__(self, request: Request) -> Answer:
        found: Answer = await self._asks(request)
        return found

    async def close(self) -> None:
        return


def asks_no_more_than_the_venue_says_is_left(place: Path) -> None:
    """Row 27. Where Upbit says that nothing is left of this second, the next order waits for the next one."""
    (_, second), _ = _asked(Answer(200, {"remaining-req": "group=order; min=1800; sec=0"}, b""))
    assert second >= 1, "it went on asking when nothing was left"


def counts_only_its_own_calls(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TokenBucket, "told_left", lambda *_: None)


def waits_after_a_429(place: Path) -> None:
    """Row 27. After `too many requests` nothing of that kind goes out before the venue says that it may."""
    (_, second), _ = _asked(Answer(429, {"retry-after": "3"}, b""), Answer(200, {}, b""))
    assert second >= 3, "it went on asking after a 429"


def tries_again_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TokenBucket, "pause", lambda *_: None)


def leaves_a_venue_in_peace_after_a_418(place: Path) -> None:
    """Row 27. Who was shut out sends nothing at all: each further call makes it longer."""
    went, why = _asked(Answer(418, {}, b""), Answer(200, {}, b""))
    assert (len(went), "shut us out" in why) == (1, True), "it went on asking after a 418"


def takes_a_418_for_any_answer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(http_connection, "_BLOCKED", 0)


# 29


def _settings(leverage: int = 1, **config: bool) -> tuple[Sequence[AccountSetting], list[str]]:
    """What the account says of itself, and every call that was made."""
    found: list[AccountSetting] = []
    calls: list[str] = []

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on("GET /fapi/v1/accountConfig", {**CONFIG, **config})
        here.on("GET /fapi/v1/symbolConfig", [{"symbol": "BTCUSDT", "marginType": "ISOLATED", "leverage": leverage}])
        here.on(RIGHTS, {"enableWithdrawals": False})
        here.on("POST /fapi/v1/leverage", {"leverage": 1, "symbol": "BTCUSDT"})
        here.on("POST /fapi/v1/positionSide/dual", {"code": 200, "msg": "success"})
        found.extend(await account.settings())
        calls.extend(asked.call for asked in here.asked)

    at_binance(doing, with_rights=True)
    return found, calls


def assumes_no_position_mode(place: Path) -> None:
    """Row 29. An account whose positions have two sides is found at the start, and nothing is entered there."""
    assert all(one.agrees for one in _settings()[0])
    assert not all(one.agrees for one in _settings(dualSidePosition=True)[0]), "hedge mode passed for one-way"
    assert not all(one.agrees for one in _settings(multiAssetsMargin=True)[0]), "pooled margin passed for the usual"


def assumes_one_way(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(binance_account, "of_account", lambda told, **_: ())


def compares_leverage_with_the_file(place: Path) -> None:
    """Row 29. Leverage that is not what the file states is found, and never set by karb."""
    found, calls = _settings(leverage=5)
    assert [(one.name, one.found) for one in found if not one.agrees] == [("leverage", "5")], (
        "leverage was not compared"
    )
    assert {call.split()[0] for call in calls} == {"GET"}, "the owner's account was changed in silence"


def takes_leverage_as_stated(patch: pytest.MonkeyPatch) -> None:
    told = binance_settings.per_instrument

    def believed(*of: Any) -> list[AccountSetting]:
        return [replace(one, found=one.stated) for one in told(*of)]

    patch.setattr(binance_account, "per_instrument", believed)


def sets_leverage_itself(patch: pytest.MonkeyPatch) -> None:
    read = BinanceAccount._read_settings

    async def changed(self: BinanceAccount) -> list[AccountSetting]:
        target = f"/fapi/v1/leverage?symbol=BTCUSDT&leverage={self._stated.leverage}"
        bucket = TokenBucket("any", 9, SECOND, 0)
        await self._client.connection.send(lambda: Request("POST", target), bucket)
        return await read(self)

    patch.setattr(BinanceAccount, "_read_settings", changed)


# 48


def reads_its_fees(place: Path) -> None:
    """Row 48. What an order costs is what the venue says that this account pays there, now."""
    found: list[InstrumentFacts] = []

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on("GET /fapi/v1/commissionRate", {**FEES, "takerCommissionRate": "0.000315"})
        found.extend((await account.facts()).values())

    at_binance(doing)
    assert [one.taker_fee for one in found] == [D("0.000315")], "a fee in a program was taken for the account's"


def knows_its_fees(patch: pytest.MonkeyPatch) -> None:
    facts = binance_facts._facts
    usual = D("0.0005")

    def constant(instrument: Instrument, seen: Any, brackets: Any, fees: Any, now_ns: int) -> InstrumentFacts:
        return facts(instrument, seen, brackets, msgspec.structs.replace(fees, taker_commission_rate=usual), now_ns)

    patch.setattr(binance_facts, "_facts", constant)


def books_the_fee_that_was_taken(place: Path) -> None:
    """Row 48. What was paid is what the venue took, in the asset it took it in, and not a rate of what traded."""
    fees: list[str] = []

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(TRADES, [{**TRADE, "commission": "0.00051", "commissionAsset": "BNB"}], [])
        here.on("GET /fapi/v1/order", told("FILLED", "0.010", cumQuote="841.20"))
        fees.extend(fill.fee.text() for fill in await account.fills_since(NOW - SECOND))

    at_binance(doing)
    assert fees == ["0.00051 BNB"], "a fee was reckoned that the venue told"


def reckons_the_fee(patch: pytest.MonkeyPatch) -> None:
    fills_since = BinanceAccount.fills_since

    async def reckoned(self: BinanceAccount, venue_at_ns: int) -> list[Any]:
        fills = await fills_since(self, venue_at_ns)
        return [replace(each, fee=each.amount.at(each.price).times(D("0.0005"))) for each in fills]

    patch.setattr(BinanceAccount, "fills_since", reckoned)


# 51


class _Keyed:
    """An account whose key ends then."""

    def __init__(self, ends_ns: int) -> None:
        self.ends_ns = ends_ns

    async def settings(self) -> Sequence[AccountSetting]:
        return [AccountSetting("key_good_until", None, None, "then", ends_ns=self.ends_ns)]


def _told_of(ends_ns: int, days: int) -> tuple[list[str], list[str]]:
    """Looked at daily for so many days: each warning, and each reason why nothing is entered at the end."""
    said: list[Any] = []

    async def run() -> list[str]:
        account = RealAccount("upbit/upbit", frozenset({"upbit"}), _Keyed(ends_ns), ())  # type: ignore[arg-type]
        clock: Any = VirtualClock()
        accounts = Accounts([account], None, clock, said.append, ())  # type: ignore[arg-type]
        stopped: list[str] = []
        for _ in range(days):
            stopped = list(await accounts._objects([account], {}))
            await asyncio.sleep(86_400)
        return stopped

    stopped = virtual_loop.run(run(), NOW)
    return [str(each.args["days"]) for each in said], stopped


def says_when_a_key_ends(place: Path) -> None:
    """Row 51. A key that lives a year is told of before it ends, once at each of three bounds, and not every day."""
    assert _told_of(NOW + 40 * _DAY + SECOND, 42)[0] == ["30", "7", "1"], "nobody said that the key ends"


def thinks_a_key_lives_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(EndingKeys, "soon", lambda *_: None)


def enters_nothing_by_a_key_that_ended(place: Path) -> None:
    """Row 51. A key that has ended stops entries before an order is refused with one leg filled."""
    assert _told_of(NOW + 2 * _DAY + SECOND, 2)[1] == []
    assert _told_of(NOW + 2 * _DAY + SECOND, 4)[1], "entries went on by a key that had ended"


def finds_out_by_a_refusal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(real_accounts, "has_ended", lambda *_: False)


# 55


def stamps_by_the_venues_clock(place: Path) -> None:
    """Row 55. A clock of ours that is five seconds off costs no order: the venue's own is measured."""
    came: list[Any] = []

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, told("FILLED", "0.010", cumQuote="841.20"))
        try:
            came.append(await account.place(Approved.by_gates(order(), ())))
        except AssertionError:
            came.append(None)

    for ahead_ms in (7000, -7000):
        at_binance(doing, ahead_ms=ahead_ms)
    assert not any(one is None or isinstance(one, Rejected) for one in came), "an order was refused for its time"


def trusts_its_own_clock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ClockOffset, "earliest_ns", lambda self, now_ns: now_ns)


def asks_for_a_small_window(place: Path) -> None:
    """Row 55. An order that travelled for longer than a few seconds is not taken any more."""
    windows: list[int] = []

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, told("EXPIRED"))
        await account.place(Approved.by_gates(order(), ()))
        windows.extend(int(asked.fields["recvWindow"]) for asked in here.of(PLACE))

    at_binance(doing)
    assert windows == [5000], "an old order may still be taken"


def asks_for_a_wide_window(patch: pytest.MonkeyPatch) -> None:
    from karb_binance import signed_calls

    patch.setattr(signed_calls, "WINDOW_NS", 60 * SECOND)


STAKES = (
    Stake(27, keeps_turns_for_what_reduces_risk, shares_one_budget, "a way out waited behind entries"),
    Stake(27, asks_no_more_than_the_venue_says_is_left, counts_only_its_own_calls, "when nothing was left"),
    Stake(27, waits_after_a_429, tries_again_at_once, "it went on asking after a 429"),
    Stake(27, leaves_a_venue_in_peace_after_a_418, takes_a_418_for_any_answer, "it went on asking after a 418"),
    Stake(29, assumes_no_position_mode, assumes_one_way, "hedge mode passed for one-way"),
    Stake(29, compares_leverage_with_the_file, takes_leverage_as_stated, "leverage was not compared"),
    Stake(29, compares_leverage_with_the_file, sets_leverage_itself, "changed in silence"),
    Stake(48, reads_its_fees, knows_its_fees, "a fee in a program was taken"),
    Stake(48, books_the_fee_that_was_taken, reckons_the_fee, "a fee was reckoned that the venue told"),
    Stake(51, says_when_a_key_ends, thinks_a_key_lives_for_ever, "nobody said that the key ends"),
    Stake(51, enters_nothing_by_a_key_that_ended, finds_out_by_a_refusal, "by a key that had ended"),
    Stake(55, stamps_by_the_venues_clock, trusts_its_own_clock, "an order was refused for its time"),
    Stake(55, asks_for_a_small_window, asks_for_a_wide_window, "an old order may still be taken"),
)
