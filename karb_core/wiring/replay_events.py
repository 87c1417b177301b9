"""A recording over the events' clock, as a backtest: each input is handed in at its time, and nothing waits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from karb_core.domain.halt import Halt
from karb_core.errors import DataUnusable
from karb_core.wiring.course import Course, Parted
from karb_core.wiring.housed import Place, behind_door
from karb_core.wiring.inputs import Question
from karb_core.wiring.latest import Latest
from karb_core.wiring.obeying import Obeying
from karb_core.wiring.recorded_market import told_by
from karb_core.wiring.recording import Recording


@dataclass(slots=True)
class _Events:
    """`Outside`, of which nothing is left but what was recorded."""

    course: Course
    now: int
    latest: Latest = field(default_factory=Latest)

    def now_ns(self) -> int:
        return self.now

    def market(self) -> Latest:
        return self.latest

    def asks(self, question: Question) -> None:
        self.course.asks(question)

    def wakes(self, at_ns: int | None) -> None:
        """The recording says when."""

    def halt(self, read: Callable[[], Halt]) -> Halt:
        return self.course.halt(read)

    def judges(self, read: Callable[[], bool]) -> bool:
        return self.course.judges(read)

    def ours(self, read: Callable[[], bool]) -> bool:
        return self.course.ours(read)


def replay_events(recording: Recording, place: Place) -> Parted | None:
    """Where it parted from the recording, None if nowhere; its decisions are in the ledger of the place.

    Errors: `LedgerUnusable`.
    """
    course = Course(recording)
    outside = _Events(course, recording.run.started_at_ns)
    intake, seated = behind_door(place, outside)
    intake.seats(seated, Obeying(place.ledger, place.account, [seated.trading.desk], intake.clock, 0))
    for step in recording.steps:
        course.at(step)
        outside.now = step.at_ns
        for event in told_by(step.saw, outside.latest.tops):
            outside.latest.take(event)
        with suppress(ValueError, DataUnusable):  # what cannot be dealt with could not when it was recorded
            intake.take(step.what)
        course.over()
        if course.parted is not None:
            break
    intake.shut()
    seated.end("done", outside.now)
    return course.parted
