"""What is open, as Binance tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from karb_binance.symbols import symbol_of
from karb_binance.wire import SeenPosition
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import VenuePosition


def positions_of(instruments: Iterable[Instrument], told: Iterable[SeenPosition]) -> Mapping[Instrument, VenuePosition]:
    """Of these instruments, where something is open. Unit: as `VenuePosition`; the margin is the position's own wallet, and
    where margin is shared, what it needed at first. Errors: `Unreadable` for a side of a hedge.
    """
    of = {symbol_of(instrument): instrument for instrument in instruments}
    found: dict[Instrument, VenuePosition] = {}
    for row in told:
        if row.symbol not in of or not row.position_amt:
            continue
        if row.position_side != "BOTH":
            raise Unreadable(f"{row.symbol} has a {row.position_side} of its own: positions are not one-way")
        margin = row.isolated_wallet or row.position_initial_margin
        found[of[row.symbol]] = VenuePosition(row.position_amt, margin, row.entry_price, row.liquidation_price or None)
    return found
