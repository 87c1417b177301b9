"""What a venue asks of orders, as it was read last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from karb_core.connection.retry_schedule import asked_again
from karb_core.connection.stated import stated
from karb_core.connection.waiting import Waits
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Order


@dataclass(slots=True)
class KnownFacts:
    """reads: asks the venue for all of an account's instruments; errors as the connection's."""

    venue: str
    reads: Callable[[], Awaitable[Mapping[Instrument, InstrumentFacts]]]
    clock: Waits
    _known: Mapping[Instrument, InstrumentFacts] = field(init=False, default_factory=dict)

    async def read(self) -> Mapping[Instrument, InstrumentFacts]:
        """As at a start, by the schedule of retries. Errors: `VenueSilent`; what was known before stays known."""
        self._known = await stated(self.venue, "facts", lambda: asked_again(self.reads, self.clock))
        return self._known

    async def ready(self) -> None:
        """Reads them where nothing is known yet: an order must not be the first to ask. Errors: `VenueSilent`."""
        if not self._known:
            await self.read()

    async def of(self, order: Order) -> InstrumentFacts:
        """Asked for once where nothing is known: an order does not wait for a schedule.

        Errors: LookupError for an instrument that is none of the account's; `VenueSilent`.
        """
        if not self._known:
            self._known = await stated(self.venue, "facts", self.reads)
        return self._known[order.instrument]
