"""The owner is told each thing when it happens, and what goes on not again."""

from __future__ import annotations

import asyncio

from karb_core.domain.decisions import ProposalKind
from karb_core.domain.halt import Halt
from karb_core.ports import NoticeKind
from karb_core.wiring.telling import Telling
from tests.engine.scene import NOW, D, Proposes, Scene, moment, proposal, scene, strategy, view


class Owner:
    """Someone at a desk whose notices come here."""

    def __init__(self, *script: str, free: str = "100000") -> None:
        self.signal = Proposes(proposal())
        self.scene: Scene = scene(strategy(self.signal), *script, free=free)
        self.telling = Telling(self.scene.desk, "paper")
        self.at_ns = NOW

    def told(self) -> list[NoticeKind]:
        """What one more moment makes known."""
        self.at_ns += 1
        at = moment(self.at_ns)
        carried = asyncio.run(self.scene.desk.take(at, view(at)))
        return [notice.kind for notice in self.telling.of(carried)]

    def halts(self) -> list[tuple[str, str]]:
        return [(str(n.facts["strength"]), str(n.facts["reason"])) for n in self.telling.halts(self.at_ns)]


def test_a_refusal_that_goes_on_is_told_once_and_anew_after_something_else_happened() -> None:
    owner = Owner(free="0")
    assert [owner.told() for _ in range(3)] == [[NoticeKind.REFUSAL], [], []]
    owner.scene.venue.free = D(100_000)
    assert owner.told() == [NoticeKind.ENTRY]
    owner.scene.venue.free = D(0)
    assert [owner.told() for _ in range(2)] == [[NoticeKind.REFUSAL], []]


def test_an_exit_is_told_with_what_it_came_to() -> None:
    owner = Owner()
    assert owner.told() == [NoticeKind.ENTRY]
    (lot,) = owner.scene.books.open_lots()
    owner.signal.says = Proposes(proposal(ProposalKind.EXIT, lot.id)).says
    at = moment(NOW + 9)
    (notice,) = owner.telling.of(asyncio.run(owner.scene.desk.take(at, view(at))))
    assert (notice.kind, notice.pair, notice.mode) == (NoticeKind.EXIT, "ADA", "paper")
    assert {"result", "result.of", "lines", "leg.0.price"} <= notice.facts.keys()


def test_a_leg_that_stays_alone_is_told_with_its_entry_and_not_once_more_as_a_halt() -> None:
    owner = Owner("1", *["no"] * 30)
    assert owner.told() == [NoticeKind.ENTRY, NoticeKind.HALT]
    assert owner.scene.desk.halted
    assert owner.halts() == []


def test_each_reason_to_stop_is_told_once_a_stronger_one_anew_and_after_a_resume_again() -> None:
    owner = Owner()
    latch = owner.scene.desk.halts.latch
    latch(Halt.NO_ENTRIES, "news", "ann", NOW)
    assert [owner.halts(), owner.halts()] == [[("no-entries", "news")], []]
    latch(Halt.NO_ENTRIES, "the breaker", "desk", NOW)
    assert owner.halts() == [("no-entries", "the breaker")]
    latch(Halt.FLATTEN, "news", "ann", NOW)
    assert owner.halts() == [("flatten", "news")]
    owner.scene.desk.halts.resume("over", "ann", NOW)
    assert owner.halts() == []
    latch(Halt.NO_ENTRIES, "news", "ann", NOW)
    assert owner.halts() == [("no-entries", "news")]
