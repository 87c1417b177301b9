"""The ladder for one open leg: finite, within its bound, and never ending in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from karb_core.domain.exact import EXACT, text
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reviews.case import Case
from karb_core.texts.text import Text

_PATH = ("execution", "on_one_leg")
_MICROSECOND = timedelta(microseconds=1)


def review_ladder(case: Case) -> Iterator[Finding]:
    execution = case.rulebook.file.execution
    # Counted in whole microseconds: a long list of long steps is more than a timedelta holds.
    taken, widest = 0, execution.price.band
    halted: int | None = None
    for i, step in enumerate(execution.on_one_leg):
        if step is None:
            halted = i if halted is None else halted
            continue
        if halted is not None:
            yield case.error("K406", (*_PATH, i), Text("ladder.after_halt"), Text("ladder.after_halt.help"))
            break
        timed = step.retry or step.unwind
        assert timed is not None
        taken += timed.for_ // _MICROSECOND
        if step.retry is not None and timed.band < widest:
            yield case.warning(
                "K417", (*_PATH, i, "retry", "band"), Text("ladder.narrower"), Text("ladder.narrower.help")
            )
        widest = max(widest, timed.band) if step.retry is not None else widest
    if halted is None:
        last = (*_PATH, len(execution.on_one_leg) - 1)
        yield case.error("K406", last, Text("ladder.silent"), Text("ladder.silent.help"))
    if taken > execution.unhedged_for // _MICROSECOND:
        args = {
            # karb: constant because a second has so many microseconds
            "taken": text(Decimal(taken).scaleb(-6, EXACT)) + "s",
            "bound": case.written(("execution", "unhedged_for")),
        }
        yield case.error(
            "K405", ("execution", "unhedged_for"), Text("ladder.long", args), Text("ladder.long.help", args)
        )
