"""Minutes without a bar at the near venue: nobody traded, or the venue was closed."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass

import numpy as np

from karb_replay.sample.character import Character
from karb_replay.sample.columns import Flags, Times
from karb_replay.sample.draws import Draws
from karb_replay.sample.spec import SampleSpec


@dataclass(frozen=True, slots=True, eq=False)
class Closures:
    """The maintenances of the near venue, for all coins at once, in minutes from the start; `until` is open again."""

    begins: Times
    until: Times


def closures(spec: SampleSpec, character: Character, draws: Draws) -> Closures:
    """One in each stretch of `closed_every_days`, at an hour of its own, for whole hours.

    Edge: the end of the sample cuts one short.
    """
    shortest, longest = character.closed_hours
    begins, until = [], []
    for stretch in range(-(-spec.days // character.closed_every_days)):
        when, length = draws.uniform(f"closed {stretch}", 2).tolist()
        hour = int((stretch + when) * character.closed_every_days * 24)
        hours = min(longest, shortest + int(length * (longest - shortest + 1)))
        if hour * 60 < spec.minutes:
            begins.append(hour * 60)
            until.append(min((hour + hours) * 60, spec.minutes))
    return Closures(np.array(begins, dtype=np.int64), np.array(until, dtype=np.int64))


def is_open(spec: SampleSpec, closed: Closures) -> Flags:
    """Whether the near venue is open, by minute."""
    opened = np.ones(spec.minutes, dtype=np.bool_)
    for begins, until in zip(closed.begins.tolist(), closed.until.tolist(), strict=True):
        opened[begins:until] = False
    return opened


def was_traded(spec: SampleSpec, character: Character, opened: Flags, coin: str, draws: Draws) -> Flags:
    """Whether a coin has a bar at the near venue, by minute."""
    return opened & (draws.uniform(f"missing {coin}", spec.minutes) > character.missing_minutes)
