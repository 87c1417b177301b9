"""What a venue, and the way to it, are like at a moment of a scenario."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from karb_core.domain.instrument import Instrument
from karb_core.ports import Setting
from karb_core.rules.exits import nanoseconds
from karb_core.venue.conditions import Conditions
from karb_research.scenario import Usual
from karb_research.scene import instruments, is_of
from karb_research.spells import Spell, happening

_PARTS = 1000


def conditions(setting: Setting, usual: Usual, spells: tuple[Spell, ...], venue: str, at_ns: int) -> Conditions:
    """Edge: where two events of one kind are on, the worse one holds."""
    spells = tuple(spell for spell in spells if spell.on(at_ns))
    if not spells:
        return Conditions(order_ns=nanoseconds(usual.order_latency), answer_ns=nanoseconds(usual.answer_latency))
    traded = [instrument for instrument in instruments(setting) if instrument.venue == venue]

    def parts(kind: str) -> Decimal:
        """The greatest part, of those that happen here."""
        found = (b.part for b in happening(kind, spells, at_ns) if any(is_of(setting, b, i) for i in traded))
        return max(found, default=Decimal(0))

    def suffers(kind: str, instrument: Instrument) -> bool:
        return any(is_of(setting, block, instrument) for block in happening(kind, spells, at_ns))

    def travels(way: str, usual_ns: int) -> int:
        slow = [b for b in happening("latency", spells, at_ns) if any(is_of(setting, b, i) for i in traded)]
        drawn = (_drawn(nanoseconds(b.from_), nanoseconds(b.to), f"{way} {venue} {at_ns}") for b in slow)
        return max(drawn, default=usual_ns)

    return Conditions(
        order_ns=travels("order", nanoseconds(usual.order_latency)),
        answer_ns=travels("answer", nanoseconds(usual.answer_latency)),
        reachable=not any(suffers("unreachable", instrument) for instrument in traded),
        server_errors=parts("server_errors"),
        rejects=parts("rejects"),
        partial=parts("partial_fills"),
        suspended=frozenset(instrument for instrument in traded if suffers("suspended", instrument)),
    )


def _drawn(least_ns: int, most_ns: int, what: str) -> int:
    """Somewhere between, by what it is drawn for alone: the same trial draws the same."""
    part = int.from_bytes(sha256(what.encode()).digest()) % (_PARTS + 1)
    return least_ns + (most_ns - least_ns) * part // _PARTS
