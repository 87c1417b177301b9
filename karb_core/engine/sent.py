"""An order of ours and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain.orders import Filled, Order, Outcome, Rejected, is_over

FIRST_TRY = -1
NOT_WRITTEN = "not_written"

# karb: constant because it says how often a venue is asked, never for how long or what follows
_SOONEST_NS = 100_000_000


@dataclass(frozen=True, slots=True)
class Sent:
    """`step`: the rung that sent it, FIRST_TRY before the ladder. Times on our clock.

    answered_ns: when it was answered first, or, once it is over, when that became known; None while no answer came.
    filled_ns: when a fill of it was known first. asked_ns: when it was asked about last. listed: base that the venue
    has listed as fills; None while nobody looked, which takes what it told. heard_ns: when an answer came last.
    taken_up_ns: when a process that did not send it took it up, None where the one that sent it is still there.
    """

    order: Order
    leg: int
    step: int
    sent_ns: int
    outcome: Outcome | None
    answered_ns: int | None
    filled_ns: int | None = None
    asked_ns: int | None = None
    listed: Decimal | None = None
    heard_ns: int | None = None
    taken_up_ns: int | None = None

    @property
    def told(self) -> Decimal:
        """Base that traded as its answers say."""
        return Decimal(0) if self.outcome is None or isinstance(self.outcome, Rejected) else self.outcome.filled.value

    @property
    def filled(self) -> Decimal:
        """Cumulative base, above zero whichever side it was: what an answer leaves out and a fill shows has traded."""
        return self.told if self.listed is None else max(self.told, self.listed)

    @property
    def over(self) -> bool:
        """Whether nothing more of it can trade."""
        return is_over(self.outcome)

    @property
    def settled(self) -> bool:
        """Whether nothing more of it can trade, and the books have all that did."""
        return self.over and self.listed in (None, self.filled)

    @property
    def left_us(self) -> bool:
        """Whether it may have reached a venue: what cannot be written is not sent."""
        return not (isinstance(self.outcome, Rejected) and self.outcome.code == NOT_WRITTEN)

    @property
    def rests(self) -> bool:
        """Whether the venue said that it is there and more of it may trade."""
        return isinstance(self.outcome, Filled) and not self.outcome.final

    @property
    def open_since_ns(self) -> int:
        return self.sent_ns if self.answered_ns is None else self.answered_ns

    @property
    def asking_since_ns(self) -> int:
        """From when the owner's time for asking counts: while no process was there, nobody asked."""
        return self.open_since_ns if self.taken_up_ns is None else max(self.open_since_ns, self.taken_up_ns)

    @property
    def first_filled_ns(self) -> int:
        """When a fill was known first. Edge: as for an order that filled with its first answer, if nobody noted it."""
        return self.open_since_ns if self.filled_ns is None else self.filled_ns

    @property
    def ask_at_ns(self) -> int:
        """When to ask about it next."""
        return self.ask_after(self.open_since_ns if self.asked_ns is None else self.asked_ns)

    def ask_after(self, asked_ns: int) -> int:
        """When to ask again after asking then: the longer it has been open, the more rarely."""
        since_ns = self.sent_ns if self.taken_up_ns is None else self.taken_up_ns
        return asked_ns + max(_SOONEST_NS, (asked_ns - since_ns) // 2)  # karb: constant because it halves a wait

    def answered(self, outcome: Outcome, now_ns: int) -> Sent:
        """After one more answer. What was known to have traded stays known, and what is over stays over.

        Asking again and again does not move the time from which an open question counts.
        """
        told = Decimal(0) if isinstance(outcome, Rejected) else outcome.filled.value
        if self.over or told < self.told:
            return replace(self, heard_ns=now_ns)
        answered_ns = now_ns if self.answered_ns is None or is_over(outcome) else self.answered_ns
        filled_ns = now_ns if self.filled_ns is None and (told or self.listed) else self.filled_ns
        return replace(self, outcome=outcome, heard_ns=now_ns, answered_ns=answered_ns, filled_ns=filled_ns)

    def asked(self, now_ns: int) -> Sent:
        return replace(self, asked_ns=now_ns)

    def with_listed(self, base: Decimal, now_ns: int) -> Sent:
        """After the venue listed so much of it, cumulative: what was listed once stays so."""
        listed = base if self.listed is None else max(self.listed, base)
        filled_ns = now_ns if self.filled_ns is None and (self.told or listed) else self.filled_ns
        return replace(self, listed=listed, filled_ns=filled_ns)
