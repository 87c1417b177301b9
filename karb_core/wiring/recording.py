"""What a run took in, read back from its journal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from karb_core.errors import LedgerUnusable
from karb_core.texts.text import Text
from karb_core.wiring.input_line import RUN, HouseRun, StepLines, is_step
from karb_core.wiring.inputs import Answered, Failed, Step
from karb_core.wiring.journal_lines import damaged, journal_lines
from karb_core.wiring.typed_json import read


@dataclass(frozen=True, slots=True)
class Recording:
    """`run`: what its desk was furnished with; `steps`: in the order in which the desk took them."""

    run: HouseRun
    steps: tuple[Step, ...]

    def failed(self) -> frozenset[int]:
        """The numbers of the questions that came to an error."""
        ended = (step.what for step in self.steps)
        return frozenset(what.number for what in ended if isinstance(what, Answered) and isinstance(what.said, Failed))


def recording(folder: Path) -> Recording:
    """Errors: `LedgerUnusable` for a journal that is not there, damaged, or of a run that kept no inputs."""
    lines, run, steps = StepLines(), None, list[Step]()
    try:
        for told in journal_lines(folder):
            if told["is"] == RUN:
                run = read(HouseRun, told["run"])
            elif is_step(told):
                steps.append(lines.step(told))
    except (KeyError, TypeError, ValueError, ArithmeticError) as e:
        raise damaged(folder) from e
    if run is None:
        raise LedgerUnusable(Text("replay.no_inputs", {"path": folder}))
    return Recording(run, tuple(steps))
