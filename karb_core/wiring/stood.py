"""Where prices stood lately, as a running desk looked at them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from karb_core.domain.instrument import Instrument
from karb_core.ports import MarketView, Stood


@dataclass(slots=True)
class StoodLately:
    """Of every instrument the middles that were seen within `back_ns`, and the one that stood when that began.

    What happened between two looks is not seen. After a silence of more than `back_ns`, and where a clock was set back,
    nothing is known any more; of one whose book has an empty side, or is no book, neither.
    """

    back_ns: int
    _stood: dict[Instrument, deque[Stood]] = field(init=False, default_factory=dict)
    _seen_ns: int | None = field(init=False, default=None)

    def see(self, view: MarketView) -> Mapping[Instrument, Sequence[Stood]]:
        """With what is seen now. Edge: nothing where nobody looks back."""
        if not self.back_ns:
            return {}
        now_ns = view.as_of_ns
        if self._seen_ns is None or not self._seen_ns <= now_ns <= self._seen_ns + self.back_ns:
            self._stood.clear()
        self._seen_ns = now_ns
        for instrument in self._stood.keys() - view.tops.keys():
            del self._stood[instrument]
        for instrument, top in view.tops.items():
            if not 0 < top.bid <= top.ask:
                self._stood.pop(instrument, None)
                continue
            stood = self._stood.setdefault(instrument, deque())
            if not stood or stood[-1].price != top.mid:
                stood.append(Stood(now_ns, top.mid))
            while len(stood) > 1 and stood[1].since_ns <= now_ns - self.back_ns:
                stood.popleft()
        return {instrument: tuple(stood) for instrument, stood in self._stood.items()}
