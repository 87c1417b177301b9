"""What to do next for the legs of one intent: one pure function for a fresh entry, a partial fill, an answer that
never came, a restart, a halt, an unwind.

Whatever happened, asking again continues correctly, so recovery needs no code of its own. While more of an order may
trade nothing is placed on its leg; other legs follow what is known to have filled, and nothing is traded back before
all is known.
"""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.halt import Halt
from karb_core.engine.ladder import climb, first_order, fits
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Cancel, Find, Next, Phase, Place


def next_actions(now: LegsNow) -> Next:
    """What to do, and whether the intent is working, done or stuck."""
    if not now.sent:
        return _begin(now)
    return _with_questions(_move(now), now)


def only_ask(now: LegsNow) -> Next:
    """As `next_actions`, where nothing more is to be placed: later intents have gone on from here."""
    return _with_questions(Next((), Phase.DONE), now)


def _begin(now: LegsNow) -> Next:
    """The legs that go first. Edge: an entry that was halted before anything of it was sent is not begun."""
    if now.enters and now.halt is not Halt.NONE:
        return Next((), Phase.DONE)
    legs = range(len(now.plan.legs))
    # A way out of what is left may have fewer legs than the pair: then none of them has to wait for another.
    first = [i for i in legs if i == now.rules.first] or legs
    return Next(tuple(first_order(i, _whole(i, now), now) for i in first), Phase.WORKING)


def _whole(leg: int, now: LegsNow) -> Decimal:
    return exact.absolute(now.plan.legs[leg].amount.value)


def _move(now: LegsNow) -> Next:
    """Brings the legs that lack to the one that leads: as the plan says at first, then as the ladder says."""
    lacking = now.lacking()
    if not lacking:
        return Next((), Phase.DONE)
    if now.completes:
        fresh = [i for i in lacking if now.is_free(i) and not now.fell_short(i)]
        places = tuple(p for p in (first_order(i, lacking[i], now) for i in fresh) if fits(p, now))
        if places:
            return Next(places, Phase.WORKING)
    return climb(now)


def _with_questions(step: Next, now: LegsNow) -> Next:
    """The step, with the questions that are due. It works on until all is known, or the owner's time is over."""
    unsettled = [s for s in now.sent if not s.settled]
    ends = [s.asking_since_ns + now.rules.ask_ns for s in unsettled]
    if not ends:
        return step
    if now.now_ns >= min(ends):
        return Next((), Phase.STUCK, cited=now.rules.unknown_cited)
    due = [s for s in unsettled if now.now_ns >= s.ask_at_ns]
    asked: list[Place | Find | Cancel] = [Find(s.order) for s in due]
    asked += [Cancel(s.order) for s in due if s.rests]
    times = [*ends, *(s.ask_after(now.now_ns) if s in due else s.ask_at_ns for s in unsettled)]
    if step.again_ns is not None:
        times.append(step.again_ns)
    return Next((*step.actions, *asked), Phase.WORKING, min(times))
