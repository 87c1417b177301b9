"""The lab that a run is rehearsed at: its files' coins and accounts, and a premium that swings by their bars."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from secrets import token_hex

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import InstrumentFacts
from karb_core.errors import UsageMistake
from karb_core.ports import Clock, LabWanted, LocalVenues
from karb_core.texts.text import Words
from karb_lab.course_past import CoursePast
from karb_lab.kimchi import Kimchi
from karb_lab.lab import Lab
from karb_lab.made_up import MadeUp
from karb_lab.opened import NOBODY, accounts, not_here
from karb_lab.tape import MINUTE_NS
from karb_lab.venue import Venue

_BARS = 2  # karb: constant because a swing that lasts two bars is closed on once at least
_WORTH = {"KRW": "20000000", "USDT": "15000"}  # karb: constant because a made-up level is worth up to so much
_TRADED = 100  # karb: constant because a made-up print is a part of a level
_ID_BYTES = 3  # karb: constant because six letters tell the labs of one machine apart


def lab_for(wanted: LabWanted, clock: Clock, ports: Mapping[str, int] | None = None, seed: str | None = None) -> Lab:
    """With new keys. `seed`: a new market where None.

    Errors: UsageMistake for an instrument that no local venue trades.
    """
    strange = not_here(wanted)
    if strange:
        listed = ", ".join(one.text() for one in strange)
        raise UsageMistake(Words(f"no local venue trades {listed}", f"모의 거래소에 없는 종목입니다: {listed}"))
    now_ns = clock.now_ns()
    led = Kimchi(seed or token_hex(_ID_BYTES), now_ns, _BARS * max(wanted.bars_ns or MINUTE_NS, MINUTE_NS))
    venues, markets = [], []
    for each in accounts(wanted).values():
        venue = Venue(each, clock)
        markets += [_market(venue, facts, led, now_ns) for facts in venue.facts.values()]
        venues.append(venue)
    return Lab(venues, markets, ports, course=led)


def reached(lab: Lab) -> LocalVenues:
    """What a run needs to know of a lab that is up."""
    keys = {
        account.name: f"{account.key}:{account.secret}"
        for venue in lab.venues.values()
        for account in venue.accounts.values()
        if account.name != NOBODY
    }
    addresses = {venue: door.address for venue, door in lab.doors.items()}
    return LocalVenues(lab.id, lab.control.address, addresses, keys)


def _market(venue: Venue, facts: InstrumentFacts, course: Kimchi, now_ns: int) -> MadeUp:
    instrument = facts.instrument
    price = facts.floor_price(course.price(instrument, now_ns))
    worth = Decimal(_WORTH[instrument.quote])
    part = exact.divide(worth, exact.mul(price, Decimal(_TRADED)), facts.amount_step, Rounding.CEIL)
    quoted = venue.market[instrument]
    quoted.tape.before = CoursePast(facts, course, now_ns, part)
    market = MadeUp(facts, price, worth, course.seed, lambda at_ns: course.price(instrument, at_ns))
    market.open(quoted.tape, now_ns)
    return market
