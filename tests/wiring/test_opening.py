"""What simulated accounts open with is what the file says, to the last digit."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.wiring.opening import Opening
from karb_core.wiring.strategy_of import strategy_of
from tests.house.walk import facts
from tests.wiring.tiny import Edit, rulebook, strategy_text

D = Decimal
NEAR = {coin: Instrument("upbit", coin, "KRW") for coin in ("BTC", "XRP")}
LEGS = (*NEAR.values(), *(Instrument("binance_usdm", coin, "USDT") for coin in NEAR))
ONE_BTC = "    - 45,000,000 KRW\n    - 0.25 BTC\n"
LENT_BTC = "inventory:\n  upbit:\n    - 0.25 BTC\n"


def opening(*edits: Edit, prices: dict[Instrument, Decimal] | None = None) -> Opening:
    book = rulebook(strategy_text(*edits))
    return Opening(book.file, strategy_of(book, {leg: facts(leg) for leg in LEGS}).terms, prices or {})


def test_each_venue_of_a_leg_has_one_account_with_what_the_file_says() -> None:
    near, far = opening().accounts()
    assert (near.venue, dict(near.opening)) == ("upbit", {"KRW": D(45_000_000), "BTC": D("0.25"), "XRP": D(10_500)})
    assert (far.venue, dict(far.opening)) == ("binance_usdm", {"USDT": D(31_000)})
    assert set(near.facts) == set(NEAR.values())
    assert (far.leverage, far.taker_fee) == (D(1), D("0.0005"))


def test_the_inventory_is_how_far_below_nothing_karb_s_own_coins_may_go() -> None:
    lent = opening().inventory()
    assert lent.inventory == {Account("upbit", "BTC"): D("0.25"), Account("upbit", "XRP"): D(10_500)}
    assert lent.balance("upbit", "BTC").value == 0


def test_two_lines_of_one_asset_are_added() -> None:
    twice = opening((ONE_BTC, ONE_BTC + "    - 0.5 BTC\n"))
    assert twice.accounts()[0].opening["BTC"] == D("0.75")


def test_what_was_worth_so_much_is_bought_at_the_price_given_and_cut_down() -> None:
    edits = (
        (ONE_BTC, ONE_BTC.replace("0.25 BTC", "BTC worth 20,000,000 KRW at start")),
        (LENT_BTC, LENT_BTC.replace("0.25 BTC", "BTC worth 20,000,000 KRW at start")),
    )
    priced = opening(*edits, prices={NEAR["BTC"]: D(130_000_007)})
    assert priced.accounts()[0].opening["BTC"] == D("0.15384614")
    assert priced.inventory().inventory[Account("upbit", "BTC")] == D("0.15384614")
    assert opening(*edits).accounts()[0].opening["BTC"] == 0
