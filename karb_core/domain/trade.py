"""A round trip as people read it: one lot from its first fill to its last, what it earned and where that came from."""

from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.lots import Lot
from karb_core.domain.premium import Split


@dataclass(frozen=True, slots=True)
class Trade:
    """One lot from its first fill to its last. Everything in another asset than the book's is converted at the `money`
    rate of the exit; what the rate changed between entry and exit stands in `split.rate`.

    net: in the book asset; split: None where a lot is no premium's (other than two legs, or another
    side's word); premiums: None likewise.
    """

    lot: Lot
    closed_at_ns: int
    net: Amount
    split: Split | None
    entry_premium: Decimal | None
    exit_premium: Decimal | None

    @property
    def held_ns(self) -> int:
        return self.closed_at_ns - self.lot.opened_at_ns
