"""What is over leaves memory, for a desk may go on for years: the ledger has all of it, and a restart folds it anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karb_core.domain.instrument import Instrument
from karb_core.engine.desk import Desk

#: How much longer than it can be asked for.
KEPT_NS = 86_400_000_000_000  # karb: constant because it bounds memory, and clocks never differ by as much


@dataclass(frozen=True, slots=True)
class Horizon:
    """What can still be asked for. `listed_ns`: by venue, from when on it is asked what it booked; `judged_ns`: by
    instrument, up to when every moment of its pairs has been judged. By the venues' clocks; `now_ns` is by ours.
    """

    now_ns: int
    listed_ns: Mapping[str, int]
    judged_ns: Mapping[Instrument, int]


def forget(desk: Desk, horizon: Horizon) -> None:
    """Lets go of what can never matter again.

    An intent: a day after its orders are settled and its pair has judged a later moment. No moment is judged twice, so
    its id can only come again where our clock was set back by more than a day, to the very nanosecond.
    A fill or settlement: a day before whatever is listed again, and before the first order of what is under way.
    A lot that came back to nothing: while nothing of its pair is judged or carried out, for a plan names only lots that
    were open when it was decided.
    An entry that fired: once its tier has made a complete one after it.

    Edge: what stands open, is unsettled or stuck stays, and everything while the ledger cannot be written.
    """
    if desk.driver.unwritten is not None:
        return
    desk.carrier.forget()
    held = desk.carrier.held()
    desk.driver.forget({leg: min(at_ns, horizon.now_ns) - KEPT_NS for leg, at_ns in horizon.judged_ns.items()}, held)
    begun_ns = [desk.driver.sent[intent][0].sent_ns for intent in held if intent in desk.driver.sent]
    listed = {venue: min([at_ns, *begun_ns]) - KEPT_NS for venue, at_ns in horizon.listed_ns.items()}
    desk.books.forget(listed, desk.busy, horizon.now_ns - KEPT_NS)
