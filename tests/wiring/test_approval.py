"""The owner's word on a running desk: it is an input, the last bar is judged anew by it, and it is used once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from karb_core.domain.decisions import DecisionKind
from karb_core.ledger.commands import Command
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, lived
from karb_core.ledger.telling import tell
from karb_core.wiring.course import Parted
from karb_core.wiring.housed import Place
from karb_core.wiring.opening import Opening
from karb_core.wiring.parity import first_difference
from karb_core.wiring.recorder import journal_folder
from karb_core.wiring.recording import Recording, recording
from karb_core.wiring.replay_events import replay_events
from karb_core.wiring.replay_house import replay_live, replay_on_paper
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
EDITS: tuple[Edit, ...] = (
    (_GATE, _GATE + "  - {use: gates.approval, at: [entry], with: {valid_for: 50s, worse: 0.1%}}\n"),
)
LINE = "/risk_gates/3/with/valid_for"
#: High enough to sell near at the second, third, fifth, seventh and ninth minute.
HIGH = {2: 0.020, 3: 0.021, 5: 0.024, 7: 0.027, 9: 0.031}


def at(minute: float) -> int:
    return START + round(minute * MINUTE)


def premium(minute: int) -> float:
    return HIGH.get(minute, usual(minute))


def books(house: House, minute: float, premium: float) -> None:
    house.told(book(SPOT, near(premium), at(minute)), book(PERPETUAL, FAR, at(minute)))


def minute(n: int) -> tuple[int, Happens]:
    return at(n), lambda house: house.minute(at(n), premium(n))


def approved(minute: float, what: str) -> tuple[int, Happens]:
    command = Command(
        id=f"word-{minute}", account=ACCOUNT, strategy=None, verb="approve", strength=what, reason="looked at it",
        author="ann", at_ns=at(minute),
    )  # fmt: skip
    return at(minute), lambda house: tell(house.ledger, command)


SCRIPT = [
    *(minute(n) for n in range(1, 11)),
    # What is approved is entered at the prices of now: near has risen since the bar.
    (at(2.4), lambda house: books(house, 2.4, 0.0205)),
    approved(2.5, "BTC"),
    # For the other side only.
    approved(5.2, "BTC long_premium"),
    # By the time the word comes there is nothing left to sell for.
    (at(7.3), lambda house: books(house, 7.3, 0.0)),
    approved(7.4, "BTC short_premium"),
]
Replays = Callable[[Recording, Place], Parted | None]


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    ledger = open_ledger(tmp_path_factory.mktemp("approved") / "ledger.sqlite")
    lived_through(ledger, premium, SCRIPT, (START, at(10.5)), edits=EDITS)
    yield ledger
    ledger.close()


def all_of(ledger: Ledger) -> list[Written]:
    return list(decisions(ledger, Whose(ACCOUNT)))


def refused(ledger: Ledger, n: int) -> list[str]:
    of_minute = [d for d in all_of(ledger) if d.first_at_ns == at(n) and d.kind is DecisionKind.REFUSAL]
    return [denied["observed"] for d in of_minute for denied in d.document()["denied"] if denied["rule"] == LINE]


def test_every_entry_waits_until_its_word_has_come_and_is_made_at_the_prices_of_then(lived_once: Ledger) -> None:
    assert "BTC short_premium waits for your word" in refused(lived_once, 2)
    entry = next(d for d in all_of(lived_once) if d.kind is DecisionKind.ENTRY)
    assert entry.first_at_ns == at(2)  # the bar that was judged anew
    sold = entry.document()["legs"][0]
    assert str(near(0.0205) - 1000) in sold["price"]
    assert str(near(premium(2)) - 1000) not in sold["price"]


def test_it_is_used_once_and_one_for_the_other_side_or_a_premium_that_went_lets_nothing_through(
    lived_once: Ledger,
) -> None:
    """At the fifth minute it waits anew; at the seventh the word comes when there is nothing left to sell for. A refusal
    that goes on is one row."""
    assert refused(lived_once, 5) == ["BTC short_premium waits for your word"]
    assert [d.first_at_ns for d in all_of(lived_once) if d.kind is DecisionKind.ENTRY] == [at(2)]


def test_a_word_ends_by_itself(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    script = [*(minute(n) for n in range(1, 3)), approved(1.1, "BTC")]
    lived_through(ledger, premium, script, (START, at(2.2)), edits=EDITS)
    (told,) = refused(ledger, 2)
    assert told.startswith("BTC was approved 54"), told
    ledger.close()


@pytest.mark.parametrize("replays", [replay_events, replay_on_paper, replay_live])
def test_the_word_is_in_the_recording(lived_once: Ledger, replays: Replays, tmp_path: Path) -> None:
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
    assert first_difference(all_of(lived_once), all_of(ledger)) is None
    ledger.close()


def test_a_desk_that_starts_again_has_to_be_told_anew(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    script = [*(minute(n) for n in range(1, 4)), approved(1.3, "BTC")]
    lived_through(ledger, premium, script, (START, at(1.5)), edits=EDITS)
    lived_through(ledger, premium, script, (at(1.5) + 5 * SECOND, at(2.2)), edits=EDITS)
    assert "BTC short_premium waits for your word" in refused(ledger, 2)
    assert not [d for d in all_of(ledger) if d.kind is DecisionKind.ENTRY]
    ledger.close()
