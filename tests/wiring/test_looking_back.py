"""What gates look back at on a running desk: where prices stood, books, bars that closed. A recording of it replays the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.domain.decisions import DecisionKind
from karb_core.domain.market import Depth, Level, Top
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, halts, lived
from karb_core.ports import MarketView
from karb_core.wiring.course import Parted
from karb_core.wiring.housed import Place
from karb_core.wiring.latest import Latest
from karb_core.wiring.opening import Opening
from karb_core.wiring.parity import first_difference
from karb_core.wiring.recorded_market import told_by
from karb_core.wiring.recorder import journal_folder
from karb_core.wiring.recording import Recording, recording
from karb_core.wiring.replay_events import replay_events
from karb_core.wiring.replay_house import replay_live, replay_on_paper
from karb_core.wiring.seen_market import SeenMarket
from karb_core.wiring.stood import StoodLately
from karb_core.wiring.strategy_of import strategy_of
from tests.venue.accounts import PERPETUAL, SPOT
from tests.wiring.recorded_house import (
    ACCOUNT,
    FAR,
    MINUTE,
    SECOND,
    START,
    Happens,
    House,
    book,
    lived_through,
    near,
    scripted,
    usual,
)
from tests.wiring.tiny import Edit

_GATE = "  - {use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}\n"
LINES = (
    "{use: gates.price_jump, at: [entry], with: {move: 5%, within: 50s, then: stop_entries}}",
    "{use: gates.liquidity, at: [entry], with: {band: 1%, least: 100_000_000 KRW, max_age: 3s}}",
    "{use: gates.min_volume, at: [entry], with: {least: 27_000_000_000 KRW, over: 70m}}",
)
EDITS: tuple[Edit, ...] = ((_GATE, _GATE + "".join(f"  - {line}\n" for line in LINES)),)
JUMP, BOOK, VOLUME = (f"/risk_gates/{at}" for at in (3, 4, 5))
HIGH = {2: 0.020, 3: 0.021, 5: 0.0225, 9: 0.030}
#: At the second minute a book holds less than is wanted.
THIN = {2: "0.05"}


def at(minute: float) -> int:
    return START + round(minute * MINUTE)


def premium(minute: int) -> float:
    return HIGH.get(minute, usual(minute))


def minute(n: int) -> tuple[int, Happens]:
    def happens(house: House) -> None:
        amount = THIN.get(n, "5")
        house.minute(
            at(n), premium(n), book(SPOT, near(premium(n)), at(n), amount), book(PERPETUAL, FAR, at(n), amount)
        )

    return at(n), happens


def jumps(house: House) -> None:
    house.told(book(SPOT, near(0.10), at(7.5)))


SCRIPT = [*(minute(n) for n in range(1, 11)), (at(7.5), jumps)]
Replays = Callable[[Recording, Place], Parted | None]


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    ledger = open_ledger(tmp_path_factory.mktemp("looks") / "ledger.sqlite")
    lived_through(ledger, premium, SCRIPT, (START, at(10.5)), edits=EDITS)
    yield ledger
    ledger.close()


def denied_at(ledger: Ledger, n: int) -> set[str]:
    of_minute = [
        d for d in decisions(ledger, Whose(ACCOUNT)) if d.first_at_ns == at(n) and d.kind is DecisionKind.REFUSAL
    ]
    return {denied["rule"].split("/with/")[0] for d in of_minute for denied in d.document()["denied"]}


def test_a_thin_book_denies_where_it_was_thin(lived_once: Ledger) -> None:
    assert denied_at(lived_once, 2) == {BOOK}
    entered = [d.first_at_ns for d in decisions(lived_once, Whose(ACCOUNT)) if d.kind is DecisionKind.ENTRY]
    assert entered[0] == at(3)


def test_a_jump_between_two_bars_stops_entries_and_says_by_which_line(lived_once: Ledger) -> None:
    (halt,) = [each for each in halts(lived_once, Whose(ACCOUNT)) if each.reason.startswith(JUMP)]
    assert halt.reason.startswith(f"{JUMP}/with/move: upbit BTC/KRW: ")
    entered = [d.first_at_ns for d in decisions(lived_once, Whose(ACCOUNT)) if d.kind is DecisionKind.ENTRY]
    assert max(entered) < at(7.5)
    assert any(premium(n) > 0.02 for n in range(8, 11))


def test_what_traded_before_the_desk_began_is_asked_of_the_venues(lived_once: Ledger) -> None:
    """Seventy minutes at three coins each: more than is wanted, of which the desk saw three."""
    assert VOLUME not in {rule for n in range(1, 11) for rule in denied_at(lived_once, n)}


@pytest.mark.parametrize("replays", [replay_events, replay_on_paper, replay_live])
def test_what_they_looked_at_is_in_the_recording(lived_once: Ledger, replays: Replays, tmp_path: Path) -> None:
    (run,) = [each.run for each in lived(lived_once)]
    recorded = recording(journal_folder(lived_once.name, run.id))
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    rules = scripted(*EDITS)
    strategy = strategy_of(rules, {each.instrument: each for each in recorded.run.facts})
    place = Place(
        rulebook=rules, strategy=strategy, inventory=Opening(rules.file, strategy.terms, {}).inventory(),
        venues=recorded.run.venues, ledger=ledger, account=ACCOUNT, mode="paper", mark=recorded.run.mark,
    )  # fmt: skip
    assert replays(recorded, place) is None
    whose = Whose(ACCOUNT)
    assert first_difference(list(decisions(lived_once, whose)), list(decisions(ledger, whose))) is None
    assert [h.reason for h in halts(ledger, whose)] == [h.reason for h in halts(lived_once, whose)]
    ledger.close()


def test_books_are_looked_at_only_where_somebody_asks_and_once(tmp_path: Path) -> None:
    there = Latest()
    seen = SeenMarket(lambda: there)
    there.take(book(SPOT, Decimal(100), START))
    assert seen.view(START).depths == {}
    saw = seen.saw()
    assert saw is not None
    assert saw.depths == ()
    assert list(seen.view(START, depths=True).depths) == [SPOT]
    assert list(seen.view(START, depths=True).depths) == [SPOT]
    saw = seen.saw()
    assert saw is not None
    assert [each.instrument for each in saw.depths] == [SPOT]
    seen.view(START, depths=True)
    saw = seen.saw()
    assert saw is not None
    assert saw.depths == ()  # it did not change


def test_a_book_that_was_seen_beside_a_top_takes_nothing_of_it_away() -> None:
    """Both were told with the same time; the top came last, and was seen before the book."""
    there, again = Latest(), Latest()
    seen = SeenMarket(lambda: there)
    depth, top = (
        book(SPOT, Decimal(100), START),
        Top(SPOT, Decimal(7), Decimal(1), Decimal(9), Decimal(1), START, START),
    )
    there.take(depth)
    there.take(top)
    for depths in (False, True):
        seen.view(START, depths=depths)
        for event in told_by(seen.saw(), again.tops):
            again.take(event)
    assert (again.tops, again.depths) == (there.tops, there.depths)


def test_an_older_book_never_takes_the_place_of_a_newer_one() -> None:
    latest = Latest()
    for at_ns in (5, 9, 7):
        latest.take(Depth(SPOT, (Level(Decimal(1), Decimal(1)),), (Level(Decimal(2), Decimal(1)),), at_ns, at_ns))
    assert latest.depths[SPOT].venue_at_ns == 9


def looked(lately: StoodLately, at_s: int, *mids: str) -> dict[str, list[tuple[int, str]]]:
    tops = {
        leg: Top(leg, Decimal(mid), Decimal(1), Decimal(mid), Decimal(1), at_s * SECOND, at_s * SECOND)
        for leg, mid in zip((SPOT, PERPETUAL), mids, strict=False)
    }
    stood = lately.see(MarketView(at_s * SECOND, tops, {}, {}, {}))
    return {leg.venue: [(each.since_ns // SECOND, str(each.price)) for each in told] for leg, told in stood.items()}


def test_prices_are_kept_so_far_back_and_the_one_that_stood_before() -> None:
    lately = StoodLately(10 * SECOND)
    assert looked(lately, 0, "100") == {"upbit": [(0, "100.0")]}
    assert looked(lately, 5, "100") == {"upbit": [(0, "100.0")]}
    assert looked(lately, 9, "101", "7") == {"upbit": [(0, "100.0"), (9, "101.0")], "binance_usdm": [(9, "7.0")]}
    assert looked(lately, 18, "102", "7")["upbit"] == [(0, "100.0"), (9, "101.0"), (18, "102.0")]
    assert looked(lately, 19, "102", "7")["upbit"] == [(9, "101.0"), (18, "102.0")]


@pytest.mark.parametrize(("at_s", "kept"), [(20, True), (21, False), (9, False)])
def test_after_a_silence_and_where_a_clock_was_set_back_nothing_is_known(at_s: int, kept: bool) -> None:
    lately = StoodLately(10 * SECOND)
    looked(lately, 10, "100")
    assert looked(lately, at_s, "100")["upbit"] == ([(10, "100.0")] if kept else [(at_s, "100.0")])


def test_a_leg_without_a_price_is_forgotten() -> None:
    lately = StoodLately(10 * SECOND)
    looked(lately, 0, "100", "7")
    assert looked(lately, 1, "100") == {"upbit": [(0, "100.0")]}
    assert looked(lately, 2, "0", "7") == {"binance_usdm": [(2, "7.0")]}


def test_nothing_is_kept_where_nobody_looks_back() -> None:
    assert looked(StoodLately(0), 0, "100") == {}
