"""Whole books as they are told on: never an older one, and none that crosses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from karb_core.connection.standing import Standing
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth


@dataclass(slots=True)
class BooksTold:
    """`older`: books older than one that was told; `crossed`: books whose bid was not below their ask. Neither is told as a
    price. `last`: the last one of each market, as it came."""

    standing: Standing
    emit: Callable[[Depth], None]
    older: int = field(init=False, default=0)
    crossed: int = field(init=False, default=0)
    last: dict[Instrument, Depth] = field(init=False, default_factory=dict)

    def tell(self, book: Depth) -> None:
        """A book that crosses takes the price away until the next that does not: nobody can trade at it."""
        last = self.last.get(book.instrument)
        if last is not None and book.venue_at_ns < last.venue_at_ns:
            self.older += 1
            return
        self.last[book.instrument] = book
        if book.bids and book.asks and book.bids[0].price >= book.asks[0].price:
            self.crossed += 1
            self.standing.flawed(book.instrument, "its book is crossed", book.received_at_ns)
            book = Depth(book.instrument, (), (), book.venue_at_ns, book.received_at_ns)
        else:
            self.standing.sound(book.instrument, book.received_at_ns)
        self.emit(book)
