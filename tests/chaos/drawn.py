"""What an episode is made of, drawn from its seed: at least one attempt to enter, and at least three faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from tests.chaos.faults import BEFALLS, Fault, Spell, Verb
from tests.chaos.market import Scene, Weather
from tests.chaos.places import START
from tests.chaos.rates import Night
from tests.chaos.trader import LEGS, SECOND, Wish

MS = 1_000_000
LADDERS = ("rruh", "ruh", "uh", "rrh", "rrru")
WEATHER = {
    Fault.CRASH: Weather.CRASH, Fault.WIDE_BOOK: Weather.WIDE, Fault.THIN_BOOK: Weather.THIN,
    Fault.STALE_BOOK: Weather.STALE,
}  # fmt: skip
HANDS = (
    Fault.DELEVERAGING, Fault.LIQUIDATION, Fault.SETTLEMENT, Fault.MANUAL_TRADE, Fault.MANUAL_TRANSFER,
    Fault.FOREIGN_MARK, Fault.HALT, Fault.JUMP, Fault.LOOP_STALLED, Fault.KILLED,
)  # fmt: skip
_STOP_ENTRIES = {
    Fault.HALT, Fault.KILLED, Fault.MANUAL_TRADE, Fault.FOREIGN_MARK, Fault.SECOND_INSTANCE, Fault.RULES_EDITED,
    Fault.RULES_BROKEN,
}  # fmt: skip
STORAGE = (Fault.DISK_FULL, Fault.DATABASE_DOWN)
RATES = (Fault.RATE_MISSING, Fault.RATE_FROZEN, Fault.RATE_JUMP)
#: Drawn after everything else: what a seed drew before there were these it draws still.
OTHERS = (Fault.FACTS_CHANGED, Fault.SECOND_INSTANCE, Fault.RULES_EDITED, Fault.RULES_BROKEN, Fault.RATES_DISAGREE)
AT_VENUES = (Fault.DOWN, Fault.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Drawn:
    """`spells` by venue; `script` by venue and verb, call by call; `hands` are what befalls at a time; `kill_at` the
    boundary at which each life ends, and `down_ns` for how long nobody is there then. `others` and `disagree` are what
    seeds came to hold later, at a time and for a time, and so is the `night`; they are beyond the three faults that every
    day has. `weighs`: whether the ladder's retries go on only while they are cheaper than trading back.
    """

    seed: int
    wishes: tuple[Wish, ...]
    first: int | None
    ladder: str
    scenes: tuple[Scene, ...]
    spells: Mapping[str, tuple[Spell, ...]]
    script: Mapping[str, Mapping[Verb, tuple[Fault | None, ...]]]
    storage: tuple[Spell, ...]
    rates: tuple[Spell, ...]
    hands: tuple[tuple[int, Fault], ...]
    kill_at: tuple[int, ...]
    down_ns: int
    skew_ns: int
    until_ns: int
    others: tuple[tuple[int, Fault], ...] = ()
    disagree: tuple[Spell, ...] = ()
    night: Night | None = None
    weighs: bool = False

    @property
    def faults(self) -> int:
        scripted = sum(f is not None for v in self.script.values() for fs in v.values() for f in fs)
        spells = sum(len(s) for s in (*self.spells.values(), self.storage, self.rates))
        return scripted + spells + len(self.scenes) + len(self.hands) + len(self.kill_at) + bool(self.skew_ns)


def draw(seed: int) -> Drawn:
    """Edge: a drawing with fewer than three faults is drawn again, from a seed that follows from this one."""
    random = Random(seed)
    enter = random.randrange(500, 2500) * MS
    leave = enter + random.randrange(4_000, 16_000) * MS
    skew = random.choice((0,) * 12 + (-5_000, -900, 900, 5_000)) * MS
    tried = enter + SECOND - min(skew, 0)  # by the world's clock
    wishes = [_wish(random, enter, leave)]
    if random.random() < 0.3:
        again = leave + random.randrange(4_000, 9_000) * MS
        wishes.append(_wish(random, again, again + random.randrange(3_000, 9_000) * MS))
    until = wishes[-1].leave_ns + 6 * SECOND
    drawn = Drawn(
        seed=seed,
        wishes=tuple(wishes),
        first=random.choice((None, None, 0, 1)),
        ladder=random.choice(LADDERS),
        scenes=tuple(_scene(random, until) for _ in range(random.choice((0, 0, 1, 2)))),
        spells={i.venue: _spells(random, until, AT_VENUES, (0, 0, 0, 1)) for i in LEGS},
        script={i.venue: _script(random) for i in LEGS},
        storage=_spells(random, until, STORAGE, (0, 0, 0, 0, 1), tried),
        rates=_spells(random, until, RATES, (0, 0, 0, 1)),
        hands=tuple(sorted(_hand(random, tried, until) for _ in range(random.choice((0, 0, 1, 1, 2))))),
        kill_at=tuple(random.randint(1, 14) for _ in range(random.choice((0, 0, 1, 2)))),
        down_ns=random.choice((200, 1_000, 6_000, 15_000)) * MS,
        skew_ns=skew,
        until_ns=until,
    )
    # karb: constant because it is a prime that takes one seed far from the others
    return _with_others(drawn, random, tried) if drawn.faults >= 3 else draw(seed + 1_000_000_007)


def _with_others(drawn: Drawn, random: Random, tried: int) -> Drawn:
    others, disagree = [], []
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        fault = random.choice(OTHERS)
        at = random.randrange(tried if fault in _STOP_ENTRIES else 0, drawn.until_ns)
        if fault is Fault.RATES_DISAGREE:
            disagree.append(Spell(fault, START + at, START + at + random.randrange(500, 12_000) * MS))
        else:
            others.append((at, fault))
    return replace(
        drawn,
        others=tuple(sorted(others)),
        disagree=tuple(disagree),
        night=_night(random, drawn.until_ns),
        weighs=random.randrange(4) == 0,
    )


def _night(random: Random, until: int) -> Night | None:
    """In one of six: so short that it may end while something is open, or begin."""
    if random.randrange(6):
        return None
    begin = START + random.randrange(until)
    spell = Spell(Fault.MIDNIGHT, begin, begin + random.randrange(1_000, 20_000) * MS)
    return Night(spell, random.choice((None, 4 * SECOND, 8 * SECOND)))


def _wish(random: Random, enter_ns: int, leave_ns: int) -> Wish:
    return Wish(random.random() < 0.5, Decimal(random.randint(1, 230)).scaleb(-3), enter_ns, leave_ns)


def _scene(random: Random, until: int) -> Scene:
    begin = START + random.randrange(until)
    return Scene(random.choice(list(WEATHER.values())), begin, begin + random.randrange(1, 9) * SECOND)


def _hand(random: Random, tried: int, until: int) -> tuple[int, Fault]:
    """What keeps karb from trying to enter at all comes when it has tried."""
    hand = random.choice(HANDS)
    return random.randrange(tried if hand in _STOP_ENTRIES else 0, until), hand


def _spells(
    random: Random, until: int, among: tuple[Fault, ...], times: tuple[int, ...], earliest: int = 0
) -> tuple[Spell, ...]:
    out = []
    for _ in range(random.choice(times)):
        begin = START + random.randrange(earliest, until)
        out.append(Spell(random.choice(among), begin, begin + random.randrange(500, 12_000) * MS))
    return tuple(out)


def _script(random: Random) -> dict[Verb, tuple[Fault | None, ...]]:
    often = {
        Verb.PLACE: (6, 0.35), Verb.FIND: (4, 0.3), Verb.FILLS: (8, 0.15), Verb.STATEMENT: (4, 0.15),
        Verb.CANCEL: (2, 0.5), Verb.OTHER: (6, 0.1),
    }  # fmt: skip
    return {
        verb: tuple(random.choice(BEFALLS[verb]) if random.random() < chance else None for _ in range(calls))
        for verb, (calls, chance) in often.items()
    }
