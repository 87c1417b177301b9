"""What a desk took in, handed to it again in three ways, is decided upon the same, bit for bit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.canonical import to_json
from karb_core.domain.decisions import Cause, DecisionKind
from karb_core.domain.market import FundingRate, Mark
from karb_core.domain.orders import Filled, Rejected, Unknown
from karb_core.errors import LedgerUnusable
from karb_core.ledger import reading
from karb_core.ledger.commands import Command
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, lived
from karb_core.ledger.telling import tell
from karb_core.texts.text import Text, render
from karb_core.venue.conditions import Conditions
from karb_core.venue.forced import Forced
from karb_core.wiring.course import Parted
from karb_core.wiring.housed import Place
from karb_core.wiring.inputs import Broke, Forgot, Moved, Past, Rang, Told
from karb_core.wiring.looked_at import looked_at
from karb_core.wiring.opening import Opening
from karb_core.wiring.parity import first_difference
from karb_core.wiring.recorder import journal_folder
from karb_core.wiring.recording import Recording, recording
from karb_core.wiring.replay_events import replay_events
from karb_core.wiring.replay_house import replay_live, replay_on_paper
from karb_core.wiring.strategy_of import strategy_of
from karb_core.wiring.wall_clock import WallClock
from tests.venue.accounts import PERPETUAL, SPOT
from tests.wiring.recorded_house import (
    ACCOUNT,
    FAR,
    MINUTE,
    MS,
    SECOND,
    START,
    USUAL,
    Happens,
    House,
    book,
    lived_through,
    near,
    scripted,
    usual,
)

Replays = Callable[[Recording, Place], Parted | None]
WAYS = pytest.mark.parametrize("replays", [replay_events, replay_on_paper, replay_live])

HIGH = {2: 0.020, 3: 0.019, 6: 0.022, 8: 0.023, 9: 0.023, 10: 0.023, 11: 0.012, 13: 0.030, 14: 0.030}
FAR_IS_SILENT = range(7, 10)
RESTARTS_NS = START + 13 * MINUTE + 390 * MS
ENDS_NS = START + 16 * MINUTE


def at(minute: float) -> int:
    return START + round(minute * MINUTE)


def premium(minute: int) -> float:
    return HIGH.get(minute, usual(minute))


def minute(n: int) -> tuple[int, Happens]:
    def happens(house: House) -> None:
        books = [book(SPOT, near(premium(n)), at(n))]
        if n not in FAR_IS_SILENT:
            books.append(book(PERPETUAL, FAR, at(n), "0.05" if n == 4 else "5"))
        house.minute(at(n), premium(n), *books)

    return at(n), happens


def told(minute: float, verb: str, strength: str | None = None) -> tuple[int, Happens]:
    command = Command(
        id=f"{verb}-{minute}", account=ACCOUNT, strategy=None, verb=verb, strength=strength, reason="news",
        author="ann", at_ns=at(minute),
    )  # fmt: skip
    return at(minute), lambda house: tell(house.ledger, command)


def funded(house: House) -> None:
    now = at(10.2)
    house.told(
        Mark(PERPETUAL, FAR, None, now, now),
        FundingRate(PERPETUAL, Decimal("0.0003"), now, True, None, now, now),
    )


def closed_by_force(house: House) -> None:
    house.venues.force(Forced.DELEVERAGING, PERPETUAL, Decimal(1))
    house.running.house.nudge()


def lost(venue: str, at_ns: int) -> Conditions:
    """The answer to the first order does not come, and for a while nothing does."""
    there = not at(2) + 380 * MS < at_ns < at(2) + 3 * SECOND
    return USUAL if there or venue == "binance_usdm" else replace(USUAL, reachable=False)


SCRIPT = [
    *(minute(n) for n in range(1, 16)),
    (at(4) + 900 * MS, lambda house: house.told(book(PERPETUAL, FAR, at(4) + 900 * MS))),
    told(5.2, "halt", "no-entries"),
    told(6.2, "resume"),
    (at(10.2), funded),
    (at(10.5), closed_by_force),
]


@dataclass(frozen=True)
class Lives:
    """Two runs of one account, of which the second found what the first had begun."""

    ledger: Ledger

    @property
    def recordings(self) -> tuple[Recording, ...]:
        return tuple(recording(journal_folder(self.ledger.name, each.run.id)) for each in lived(self.ledger))


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    ledger = open_ledger(tmp_path_factory.mktemp("lives") / "ledger.sqlite")
    lived_through(ledger, premium, SCRIPT, (START, RESTARTS_NS), lost)
    later = [each for each in SCRIPT if each[0] > RESTARTS_NS]
    lived_through(ledger, premium, later, (RESTARTS_NS + 5 * SECOND, ENDS_NS), lost)
    yield Lives(ledger)
    ledger.close()


def written(ledger: Ledger, number: int) -> list[Written]:
    one = [each.run for each in lived(ledger)][number]
    return list(decisions(ledger, Whose(one.account, one.strategy, one.id)))


def rows(ledger: Ledger) -> list[str]:
    """Everything else that a desk wrote, byte for byte."""
    whose = Whose(ACCOUNT)
    read = (reading.orders, reading.outcomes, reading.fills, reading.incomes, reading.opened_lots, reading.halts)
    return [to_json(list(each(ledger, whose))) for each in read]  # type: ignore[operator]


def replayed(recording: Recording, replays: Replays, ledger: Ledger) -> Parted | None:
    book = scripted()
    strategy = strategy_of(book, {each.instrument: each for each in recording.run.facts})
    place = Place(
        rulebook=book, strategy=strategy, inventory=Opening(book.file, strategy.terms, {}).inventory(),
        venues=recording.run.venues, ledger=ledger, account=recording.run.account, mode="paper",
        mark=recording.run.mark,
    )  # fmt: skip
    return replays(recording, place)


def test_the_recorded_runs_have_what_is_hard(lives: Lives) -> None:
    first, second = written(lives.ledger, 0), written(lives.ledger, 1)
    kinds = [d.kind for d in (*first, *second)]
    assert kinds.count(DecisionKind.ENTRY) >= 3
    assert kinds.count(DecisionKind.EXIT) >= 3
    assert any(d.cause == Cause.FORCED.value for d in first)
    assert any(d.kind is DecisionKind.REFUSAL and d.times > 1 for d in first)
    answers = [outcome for outcome, _ in reading.outcomes(lives.ledger, Whose(ACCOUNT))]
    unknown = [each.order.id for each in answers if isinstance(each, Unknown)]
    assert any(isinstance(each, Filled) and each.order.id in unknown and each.final for each in answers)
    assert any(
        isinstance(each, Filled) and Decimal(0) < each.filled.value < each.order.amount.value for each in answers
    )
    assert list(reading.incomes(lives.ledger, Whose(ACCOUNT)))
    taken = [type(step.what) for each in lives.recordings for step in each.steps]
    assert {Told, Moved, Rang, Forgot, Past} <= set(taken)
    assert taken.count(Told) == 2


@WAYS
def test_what_was_taken_in_is_decided_upon_the_same(lives: Lives, replays: Replays, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    for number, each in enumerate(lives.recordings):
        assert replayed(each, replays, ledger) is None
        assert first_difference(written(lives.ledger, number), written(ledger, number)) is None
    assert rows(ledger) == rows(lives.ledger)
    ledger.close()


def altered(recorded: Path, into: Path, changes: Callable[[dict[str, object]], bool]) -> Recording:
    """The same recording, but for the first line that `changes` changed."""
    into.mkdir()
    changed = False
    for segment in sorted(recorded.glob("*.jsonl")):
        with (into / segment.name).open("w", encoding="utf-8") as file:
            for line in segment.read_text("utf-8").splitlines():
                told = json.loads(line)
                changed = changed or changes(told)
                file.write(json.dumps(told) + "\n")
    assert changed
    return recording(into)


def a_top(told: dict[str, object]) -> bool:
    """The near bid at which the first entry would sell."""
    saw = told.get("saw")
    if told["at_ns"] < at(2) or not isinstance(saw, dict):  # type: ignore[operator]
        return False
    top = next(top for top in saw["tops"] if top["instrument"] == "upbit BTC/KRW")
    top["bid"] = str(int(top["bid"]) + 1000)
    return True


def an_answer(told: dict[str, object]) -> bool:
    """The price of the first fill that a venue told."""
    said = told.get("said")
    if not isinstance(said, list) or not said or "price" not in said[0]:
        return False
    price, _, market = said[0]["price"].partition(" ")
    said[0]["price"] = f"{Decimal(price) + 1} {market}"
    return True


@WAYS
@pytest.mark.parametrize(
    ("changes", "kind", "at_minute"), [(a_top, DecisionKind.ENTRY, 2), (an_answer, DecisionKind.EXIT, 4)]
)
def test_a_digit_that_was_changed_is_found_at_the_first_decision_that_rests_on_it(
    lives: Lives,
    replays: Replays,
    changes: Callable[[dict[str, object]], bool],
    kind: DecisionKind,
    at_minute: int,
    tmp_path: Path,
) -> None:
    run_id = next(lived(lives.ledger)).run.id
    other = altered(journal_folder(lives.ledger.name, run_id), tmp_path / "altered", changes)
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    replayed(other, replays, ledger)
    difference = first_difference(written(lives.ledger, 0), written(ledger, 0))
    assert difference is not None
    assert difference.recorded is not None
    assert (difference.recorded.kind, difference.recorded.first_at_ns) == (kind, at(at_minute))
    assert render(difference.said()).startswith(f"{kind.value} BTC at 2025-01-06T01:0{at_minute}:00")
    ledger.close()


@WAYS
def test_a_question_that_was_not_recorded_is_named(lives: Lives, replays: Replays, tmp_path: Path) -> None:
    """A market in which the first order asks for another price."""
    run_id = next(lived(lives.ledger)).run.id
    other = altered(journal_folder(lives.ledger.name, run_id), tmp_path / "altered", a_top)
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    parted = replayed(other, replays, ledger)
    assert parted is not None
    assert "it asked `upbit place " in render(parted.said)
    ledger.close()


class HalfPast(WallClock):
    """The machine's clock, moved so that it is half a minute past when it is made: bars end before and after."""

    def __init__(self) -> None:
        self._moved_ns = 0
        super().__init__()
        self._moved_ns = MINUTE // 2 - super().now_ns() % MINUTE

    def now_ns(self) -> int:
        return super().now_ns() + self._moved_ns


def test_a_run_on_the_wall_clock_is_decided_upon_the_same(tmp_path: Path) -> None:
    """A second of it, whose readings of the clock nobody can foresee."""
    soon = replace(USUAL, order_ns=3 * MS, answer_ns=2 * MS)
    recorded = open_ledger(tmp_path / "recorded.sqlite")

    async def live() -> None:
        clock = HalfPast()
        begins = clock.now_ns() // MINUTE * MINUTE - 3 * MINUTE  # the last bar ends after the entry

        def minute(n: int, premium: float) -> tuple[int, Happens]:
            def happens(house: House) -> None:
                came = clock.now_ns()
                house.minute(begins + n * MINUTE, premium, book(SPOT, near(premium), came), book(PERPETUAL, FAR, came))

            return (n * 100 if n < 4 else 900) * MS, happens

        def moves(house: House) -> None:
            house.told(book(SPOT, near(0.02), clock.now_ns()))

        script = [minute(n, {2: 0.02, 3: 0.019}.get(n, usual(n))) for n in range(1, 5)]
        script += [((200 + n * 7) * MS, moves) for n in range(1, 12)]
        house = House(recorded, scripted(), begins, begins, usual, script, lambda *_: soon)
        await house.live(1300 * MS, clock, since_warm=True)

    asyncio.run(live())
    assert [d.kind for d in written(recorded, 0)].count(DecisionKind.ENTRY) == 1
    assert [d.kind for d in written(recorded, 0)].count(DecisionKind.EXIT) == 1
    for replays in (replay_events, replay_on_paper, replay_live):
        ledger = open_ledger(tmp_path / f"{replays.__name__}.sqlite")
        assert replayed(*Lives(recorded).recordings, replays, ledger) is None
        assert first_difference(written(recorded, 0), written(ledger, 0)) is None
        assert rows(ledger) == rows(recorded)
        ledger.close()
    recorded.close()


def test_why_reads_the_same_journal(lives: Lives) -> None:
    run = next(lived(lives.ledger)).run
    found = looked_at(lives.ledger, run, "BTC", at(5) + SECOND)
    assert found.moment is not None
    assert (found.moment.at_ns, found.next_ns) == (at(5), at(6))
    assert found.moment.tops[0].bid == near(premium(5)) - 1000


def test_a_ledger_that_took_nothing_for_a_while_is_part_of_what_was_recorded(tmp_path: Path) -> None:
    """An entry is decided meanwhile: its orders cannot be written, so nothing of it is sent."""
    recorded = open_ledger(tmp_path / "recorded.sqlite")
    writing: list[object] = []

    def fails(house: House) -> None:
        journal: Any = house.running.seated.trading.keeps
        writing.append(journal._writing)

        def full() -> object:
            raise LedgerUnusable(Text("why.rules_gone"))

        journal._writing = full

    def is_back(house: House) -> None:
        journal: Any = house.running.seated.trading.keeps
        journal._writing = writing.pop()

    script = [minute(n) for n in range(1, 4)]
    script += [(at(1.5), fails), (at(2.5), is_back), told(2.7, "resume")]
    lived_through(recorded, premium, script, (START, at(4)))
    refused = [each for each, _ in reading.outcomes(recorded, Whose(ACCOUNT)) if isinstance(each, Rejected)]
    assert {each.code for each in refused} == {"not_written"}
    for replays in (replay_events, replay_on_paper, replay_live):
        ledger = open_ledger(tmp_path / f"{replays.__name__}.sqlite")
        assert replayed(*Lives(recorded).recordings, replays, ledger) is None
        assert first_difference(written(recorded, 0), written(ledger, 0)) is None
        assert rows(ledger) == rows(recorded)
        ledger.close()
    recorded.close()


def test_what_broke_in_the_house_is_part_of_what_was_recorded(tmp_path: Path) -> None:
    """Whoever reads commands fails once, by a mistake: nothing is entered until the owner resumes."""
    recorded = open_ledger(tmp_path / "recorded.sqlite")

    def breaks(house: House) -> None:
        obeying: Any = house.running.obeying
        works = obeying.waits

        async def once() -> None:
            obeying.waits = works
            raise ZeroDivisionError("a mistake")

        obeying.waits = once

    script = [*(minute(n) for n in range(1, 5)), (at(1.5), breaks), told(2.7, "resume")]
    lived_through(recorded, premium, script, (START, at(5)))
    (recording,) = Lives(recorded).recordings
    assert [step.what for step in recording.steps if isinstance(step.what, Broke)] == [
        Broke("a mistake of karb's own: ZeroDivisionError: a mistake")
    ]
    assert [each.strength for each in reading.halts(recorded, Whose(ACCOUNT))] == ["no-entries", "none"]
    for replays in (replay_events, replay_on_paper, replay_live):
        ledger = open_ledger(tmp_path / f"{replays.__name__}.sqlite")
        assert replayed(recording, replays, ledger) is None
        assert first_difference(written(recorded, 0), written(ledger, 0)) is None
        assert rows(ledger) == rows(recorded)
        ledger.close()
    recorded.close()
