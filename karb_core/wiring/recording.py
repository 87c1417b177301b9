"""What a run took in, read back from its journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karb_core.errors import LedgerUnusable
from karb_core.texts.text import Text
from karb_core.wiring.input_line import RUN, HouseRun, StepLines, is_step
from karb_core.wiring.inputs import Answered, Failed, Step
from karb_core.wiring.journal_lines import damaged, journal_lines
from karb_core.wiring.typed_json import read


@dataclass(frozen=True, slots=True)
class Recording:
    """`run`: what its desk was furnished with; `steps`: in the order in which the desk took them, read from its journal
    each time that somebody goes through them: a week of a house is more than memory holds.

    Errors: `LedgerUnusable` on the way, for a journal that is damaged.
    """

    run: HouseRun
    steps: Iterable[Step]

    def failed(self) -> frozenset[int]:
        """The numbers of the questions that came to an error."""
        ended = (step.what for step in self.steps)
        return frozenset(what.number for what in ended if isinstance(what, Answered) and isinstance(what.said, Failed))


def recording(folder: Path) -> Recording:
    """Errors: `LedgerUnusable` for a journal that is not there, damaged, or of a run that kept no inputs."""
    for told in journal_lines(folder):
        if told["is"] == RUN:
            return Recording(_run(told, folder), _KeptSteps(folder))
        if is_step(told):
            raise damaged(folder)
    raise LedgerUnusable(Text("replay.no_inputs", {"path": folder}))


def _run(told: Mapping[str, Any], folder: Path) -> HouseRun:
    try:
        return read(HouseRun, told["run"])
    except (KeyError, TypeError, ValueError, ArithmeticError) as e:
        raise damaged(folder) from e


@dataclass(frozen=True, slots=True)
class _KeptSteps:
    """Anew from the first each time."""

    folder: Path

    def __iter__(self) -> Iterator[Step]:
        lines = StepLines()
        try:
            for told in journal_lines(self.folder):
                if is_step(told):
                    yield lines.step(told)
        except (KeyError, TypeError, ValueError, ArithmeticError) as e:
            raise damaged(self.folder) from e
