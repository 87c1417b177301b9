"""The dollar: what it really costs in every minute, and what a program that reads one fixing a day knows of it."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass

import numpy as np

from karb_replay.sample.character import Character
from karb_replay.sample.columns import Flags, Floats, FxPoints, Times
from karb_replay.sample.draws import Draws
from karb_replay.sample.spec import SampleSpec

_MINUTE_MS = 60_000
_LEAD_DAYS = 14  # of fixings before the sample, so that its first minute has one even after missed ones
_FIXED_AT = 13 * 60 + 10  # minute of the UTC day in winter: 14:10 in Frankfurt
_KNOWN_AT = 15 * 60  # 16:00 in Frankfurt
_FRIDAY, _SUNDAY = 4, 6
_CLOSES, _OPENS = (_FRIDAY * 24 + 21) * 60, (_SUNDAY * 24 + 22) * 60  # minute of the week, which begins on Monday


@dataclass(frozen=True, slots=True, eq=False)
class Dollar:
    """live: KRW per USD at each edge of a minute of the sample. fixings: what is published of it, and when."""

    live: Floats
    fixings: FxPoints


def dollar(spec: SampleSpec, character: Character, draws: Draws) -> Dollar:
    """A random walk while its market is open; the fixing of each working day is one moment of it, known later.

    Winter time all year. Edge: a missed fixing leaves the one before in force.
    """
    lead = _LEAD_DAYS * 1440
    minute = np.arange(-lead, spec.minutes + 1)
    weekday, of_day = _weekday(spec, minute), minute % 1440
    moves = draws.normal("dollar", minute.size) * (character.dollar_step / 100 / np.sqrt(1440.0))
    log = np.cumsum(np.where(_is_open(weekday, of_day), moves, 0.0))
    live = character.usdkrw * np.exp(log - log[lead])

    fixed = np.flatnonzero((of_day == _FIXED_AT) & (weekday <= _FRIDAY))
    kept = draws.uniform("fixings", fixed.size) > character.fix_missed
    kept &= minute[fixed] + (_KNOWN_AT - _FIXED_AT) < spec.minutes
    known_at = spec.start_ms + (minute[fixed] + (_KNOWN_AT - _FIXED_AT)) * _MINUTE_MS
    return Dollar(live[lead:], FxPoints(known_at[kept], np.round(live[fixed][kept], 2)))


def _weekday(spec: SampleSpec, minute: Times) -> Times:
    return (spec.start.weekday() + minute // 1440) % 7


def _is_open(weekday: Times, of_day: Times) -> Flags:
    minute_of_week = weekday * 1440 + of_day
    opened: Flags = (minute_of_week < _CLOSES) | (minute_of_week >= _OPENS)
    return opened
