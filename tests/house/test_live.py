"""A house at real accounts: one or several strategies, who else is there, and how the accounts are set."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.domain.order_id import OrderId, order_id
from karb_core.domain.orders import Side
from karb_core.errors import AccountHeld, LockMismatch, SecretUnset, StrategyInvalid
from karb_core.ledger.lease import held
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, fills
from karb_core.texts.text import render
from tests.house.live_stage import ACCOUNT, FUNDS, KEY, Housed, at_venues, housed
from tests.house.real import BTC, XRP
from tests.house.stage import LEASE_S, LIVE, OF_XRP, Place, lived
from tests.house.test_going_on import told
from tests.wiring.tiny import Edit

EDITED: Edit = ("take_profit: 0.2%", "take_profit: 0.3%")
FOREIGN = order_id(mark="zzzz", intent_id="strangerstranger", leg=1, attempt=0)


@pytest.fixture
def both(folder: Path, ledger: Ledger) -> Place:
    """On SQLite and on PostgreSQL."""
    return Place(folder, ledger)


async def entered(place: Place, house: Housed) -> None:
    place.moved("high")
    for each in house.alive:
        await each.until(lambda each=each: bool(each.desk.books.open_lots()) and not each.desk.at_work)  # type: ignore[misc]
    await house.passed(1.5)


async def left(place: Place, house: Housed) -> None:
    place.moved("calm")
    for each in house.alive:
        await each.until(lambda each=each: not each.desk.books.open_lots())  # type: ignore[misc]
        await each.settled()


def traded(place: Place, strategy: str) -> list[str]:
    return [fill.instrument.text() for fill, _ in fills(place.ledger, Whose(ACCOUNT, strategy))]


def test_it_enters_and_leaves_at_real_accounts_and_the_ledger_has_what_the_venues_have(both: Place) -> None:
    async def day() -> None:
        async with at_venues(both) as known, housed(both, known) as house:
            await house.passed(5)
            await entered(both, house)
            house.first.need_same_books()
            await left(both, house)
            house.first.need_same_books()
            house.need_flat()
            assert house.fills() == 4
        assert sorted(known.closed) == ["binance_usdm", "upbit"]

    lived(day)
    both.need_sound(*LIVE)


def test_two_strategies_of_one_house_trade_at_one_account_and_each_booked_its_own(both: Place) -> None:
    async def day() -> None:
        async with at_venues(both) as known, housed(both, known, (FUNDS,), (FUNDS, *OF_XRP)) as house:
            await house.passed(5)
            await entered(both, house)
            assert {each.desk.books.open_lots()[0].pair for each in house.alive} == {"BTC", "XRP"}
            await left(both, house)
            house.need_flat()
            assert house.fills() == 8
            assert [each.desk.halted for each in house.alive] == [[], []]

    lived(day)
    near, far = (leg.text() for leg in BTC)
    assert sorted(traded(both, "walker")) == sorted([near, far, near, far])
    near, far = (leg.text() for leg in XRP)
    assert sorted(traded(both, "xrp-walker")) == sorted([near, far, near, far])
    booked = [fill for name in ("walker", "xrp-walker") for fill, _ in fills(both.ledger, Whose(ACCOUNT, name))]
    read = [OrderId.read(fill.order_id) for fill in booked]
    assert len({each.mark for each in read if each is not None}) == 1
    both.need_sound(*LIVE, FUNDS)
    both.need_sound(*LIVE, FUNDS, *OF_XRP)


def test_of_what_a_file_does_not_claim_nothing_is_free(place: Place) -> None:
    small = (FUNDS[0], FUNDS[1].replace("20,000,000 KRW", "1,000,000 KRW").replace("15,000 USDT", "700 USDT"))

    async def day() -> None:
        async with at_venues(place) as known, housed(place, known, (small,)) as house:
            await house.passed(5)
            place.moved("high")
            await house.passed(20)
            assert house.fills() == 0

    lived(day)
    logged = decisions(place.ledger, Whose(ACCOUNT, "walker"))
    told = "".join(each.text for each in logged)
    assert "USDT free at binance_usdm" in told


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (((), OF_XRP), "trade at one account (upbit/upbit), and"),
        (((FUNDS,), (FUNDS, ("name: walker", "name: other"))), "both trade binance_usdm BTC/USDT"),
        (
            ((FUNDS,), (FUNDS, *OF_XRP, ("leverage: 1, margin", "leverage: 2, margin"))),
            "name the account binance_usdm/binance and state it in two ways",
        ),
    ],
    ids=["no funds", "one perpetual", "stated twice"],
)
def test_files_that_cannot_share_an_account_are_told_so_and_nothing_is_held(
    place: Place, files: tuple[tuple[Edit, ...], ...], said: str
) -> None:
    async def day() -> None:
        async with at_venues(place) as known:
            with pytest.raises(StrategyInvalid) as refused:
                async with housed(place, known, *files):
                    raise AssertionError("it opened")
            assert said in str(refused.value)
            async with housed(place, known) as house:
                await house.passed(1)

    lived(day)


def test_claims_that_are_not_there_stop_entries_of_all_who_claim_until_the_owner_resumes(place: Place) -> None:
    large = (FUNDS[0], FUNDS[1].replace("20,000,000 KRW", "30,000,000 KRW"))

    async def day() -> None:
        async with at_venues(place) as known, housed(place, known, (large,), (large, *OF_XRP)) as house:
            place.moved("high")
            await house.passed(60)
            assert house.fills() == 0
            for each in house.alive:
                assert each.desk.halted == ["upbit/upbit: 60000000 KRW are claimed by the files, 45000000 KRW are free"]

    lived(day)


def test_a_second_house_at_the_account_is_refused_by_one_ledger_and_by_another(place: Place, tmp_path: Path) -> None:
    other = open_ledger(tmp_path / "other.sqlite")

    async def day() -> None:
        async with at_venues(place) as known, housed(place, known) as house:
            await house.passed(5)
            with pytest.raises(AccountHeld, match="binance_usdm/binance"):
                async with housed(place, known):
                    raise AssertionError("it opened")
            await entered(place, house)
            with pytest.raises(AccountHeld, match=r"another karb trades at \S+: .* the mark of another ledger \("):
                async with housed(place, known, ledger=other):
                    raise AssertionError("it opened")
            assert house.first.desk.halts.strength() is Halt.NONE
            await left(place, house)
            house.need_flat()

    lived(day)
    assert held(other, ACCOUNT).released_at_ns is not None  # type: ignore[union-attr]
    place.need_sound(*LIVE)
    other.close()


def test_another_karb_that_comes_later_stops_entries_and_never_the_way_out(place: Place) -> None:
    async def day() -> None:
        async with at_venues(place) as known:
            async with housed(place, known) as house:
                await house.passed(5)
                await entered(place, house)
                house.first.by_hand(XRP[1], Side.BUY, "100", FOREIGN)
                await house.passed(5)
                assert house.first.desk.halts.strength() is Halt.NO_ENTRIES
                await left(place, house)
            with pytest.raises(AccountHeld, match="zzzz"):
                async with housed(place, known):
                    raise AssertionError("it opened")
            async with housed(place, known, marks=["zzzz"]) as house:
                await house.passed(2)

    lived(day)


def test_with_lots_open_another_karbs_orders_keep_nobody_from_leaving(place: Place) -> None:
    async def day() -> None:
        async with at_venues(place) as known:
            async with housed(place, known) as house:
                await house.passed(5)
                await entered(place, house)
                house.first.by_hand(XRP[1], Side.BUY, "100", FOREIGN)
            async with housed(place, known) as house:
                await house.first.recovered()
                assert any("another karb trades at binance_usdm/binance" in why for why in house.first.desk.halted)
                await left(place, house)
                assert not known.book("binance_usdm").positions().get(BTC[1])

    lived(day)


@pytest.mark.parametrize(
    ("setting", "found", "reason"),
    [
        ("leverage", "5", "binance_usdm/binance: leverage is 5, the file states 1"),
        ("margin", "cross", "binance_usdm/binance: margin is cross, the file states isolated"),
        ("withdraw", "yes", "binance_usdm/binance: withdraw: the key may withdraw"),
    ],
)
def test_an_account_that_is_not_set_as_the_file_states_enters_nothing_and_is_never_changed(
    place: Place, setting: str, found: str, reason: str
) -> None:
    async def day() -> None:
        async with at_venues(place) as known:
            known.settings[setting] = found
            async with housed(place, known) as house:
                place.moved("high")
                await house.passed(60)
                assert house.fills() == 0
                assert reason in house.first.desk.halted
            assert known.settings[setting] == found

    lived(day)


def test_a_setting_that_changes_while_a_lot_is_open_stops_entries_and_never_the_way_out(place: Place) -> None:
    async def day() -> None:
        async with at_venues(place) as known, housed(place, known) as house:
            await house.passed(5)
            await entered(place, house)
            known.settings["leverage"] = "5"
            await house.passed(700)
            assert house.first.desk.halted == ["binance_usdm/binance: leverage is 5, the file states 1"]
            await left(place, house)
            house.need_flat()

    lived(day)
    place.need_sound(*LIVE)


def test_a_venue_that_does_not_tell_how_it_is_set_enters_nothing(place: Place) -> None:
    async def day() -> None:
        async with at_venues(place) as known:
            known.silent.add("upbit")
            async with housed(place, known) as house:
                place.moved("high")
                await house.passed(60)
                assert house.fills() == 0
                assert house.first.desk.halted == ["upbit/upbit: how it is set is not known: no connection"]

    lived(day)


def test_a_killed_house_goes_on_at_the_same_accounts(both: Place) -> None:
    async def day() -> None:
        async with at_venues(both) as known:
            async with housed(both, known, killed=True) as house:
                await house.passed(5)
                await entered(both, house)
            import asyncio

            await asyncio.sleep(LEASE_S)
            async with housed(both, known) as house:
                await house.first.recovered()
                house.first.need_same_books()
                await left(both, house)
                house.need_flat()
                assert house.fills() == 4

    lived(day)
    assert KEY not in repr(both.notices())
    assert sum(Decimal(str(f.fee.value)) for f, _ in fills(both.ledger, Whose(ACCOUNT, "walker"))) > 0


def test_a_secret_that_is_not_there_is_named_and_never_shown(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KARB_SECRET_UPBIT")

    async def day() -> None:
        async with at_venues(place) as known:
            with pytest.raises(SecretUnset, match=r"secret:upbit has no value here: .* KARB_SECRET_UPBIT is not set"):
                async with housed(place, known):
                    raise AssertionError("it opened")

    lived(day)


def test_rules_that_are_not_locked_start_nothing_and_the_error_ends_with_the_command_to_run(place: Place) -> None:
    async def day() -> None:
        async with at_venues(place) as known:
            with pytest.raises(LockMismatch) as refused:
                async with housed(place, known, locked=False):
                    raise AssertionError("it opened")
            assert refused.value.help is not None
            assert "karb lock" in render(refused.value.help)
            assert held(place.ledger, ACCOUNT) is None

    lived(day)


def test_an_edited_file_with_a_lot_open_starts_to_leave_only_until_it_is_locked(place: Place) -> None:
    async def day() -> None:
        async with at_venues(place) as known:
            async with housed(place, known) as house:
                await house.passed(5)
                await entered(place, house)
            async with housed(place, known, (EDITED,), locked=False) as house:
                assert house.first.made.only_leaves is not None
                await left(place, house)
                place.moved("high")
                await house.passed(60)
                assert (house.fills(), house.first.desk.halts.strength()) == (4, Halt.REDUCE_ONLY)
            place.moved("calm")
            async with housed(place, known, (EDITED,)) as house:
                told(place, "resume", account=ACCOUNT)
                await house.passed(60)
                await entered(place, house)

    lived(day)
    assert any("is not locked as it is" in said for said in place.said)
