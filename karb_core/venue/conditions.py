"""What a simulated venue, and the way to it, are like at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.instrument import Instrument

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Unit: ns; the ratios are of orders, from 0 to 1, each order drawn by its own id, so a run can be repeated.

    order_ns, answer_ns: how long a request, and its answer, travel. reachable: without it nothing is sent.
    server_errors: of how many the venue answers with an error of its own: half of those it carried out all the same.
    rejects: of how many it refuses. partial: how many fill in part only, though there was more. suspended: what is not
    traded now.
    """

    order_ns: int
    answer_ns: int
    reachable: bool = True
    server_errors: Decimal = _NONE
    rejects: Decimal = _NONE
    partial: Decimal = _NONE
    suspended: frozenset[Instrument] = frozenset()
