"""How far a replay has come in its recording, and where it parted from it."""

from __future__ import annotations

from collections.abc import Callable

from karb_core.domain.halt import Halt
from karb_core.domain.instant import to_text
from karb_core.errors import DataUnusable
from karb_core.texts.text import Text
from karb_core.wiring.inputs import LEDGER, Question, Step, Work
from karb_core.wiring.recording import Recording


class Parted(DataUnusable):
    """The desk did something that the recorded one did not, so the recording cannot tell what came of it."""


class Course:
    """What a replay's parts have in common. `parted`: the first thing that was other than recorded."""

    def __init__(self, recording: Recording) -> None:
        self._failed = recording.failed()
        self._step: Step | None = None
        self._asked = 0
        self.parted: Parted | None = None

    def at(self, step: Step) -> None:
        self._step, self._asked = step, 0

    def asks(self, question: Question) -> None:
        """The next question of this step, which has to be the recorded one."""
        assert self._step is not None
        recorded = self._step.asked[self._asked].asked() if self._asked < len(self._step.asked) else None
        self._asked += 1
        if question.asked() != recorded:
            self.part("replay.other_question", asked=question.asked(), recorded=recorded or "·")
        elif question.venue == LEDGER and question.number not in self._failed:
            _write(question)

    def over(self) -> None:
        """The step is dealt with."""
        assert self._step is not None
        for missing in self._step.asked[self._asked :]:
            self.part("replay.other_question", asked="·", recorded=missing.asked())

    def halt(self, read: Callable[[], Halt] | None = None) -> Halt:  # noqa: ARG002 - what a house would read now
        assert self._step is not None
        if self._step.halt is None:
            self.part("replay.other_reading", what="halt")
            return Halt.NO_ENTRIES
        return self._step.halt

    def judges(self, read: Callable[[], bool] | None = None) -> bool:  # noqa: ARG002 - as above
        assert self._step is not None
        if self._step.judges is None:
            self.part("replay.other_reading", what="judges")
        return bool(self._step.judges)

    def ours(self, read: Callable[[], bool] | None = None) -> bool:  # noqa: ARG002 - as above
        assert self._step is not None
        if self._step.ours is None:
            self.part("replay.other_reading", what="ours")
        return bool(self._step.ours)

    def part(self, key: str, **args: str) -> None:
        """Only the first counts: what comes after follows from it."""
        assert self._step is not None
        if self.parted is None:
            self.parted = Parted(Text(key, {"at": to_text(self._step.at_ns), **args}))


def _write(question: Question) -> None:
    """Here and now: when the ledger was durable is an input."""
    assert isinstance(question.about, Work)
    if question.about.by is None:
        question.about.done()
    else:
        question.about.by.submit(question.about.done).result()
