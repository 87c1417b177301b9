"""A halt for several hosts at once: read again and again from a store outside, and obeyed here as the file is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from karb_core.domain.halt import Halt
from karb_core.ledger.commands import Command
from karb_core.ports import Clock, HaltStore, HaltStoreSilent
from karb_core.wiring.halt_place import HaltPlace
from karb_core.wiring.halt_words import MOST_BYTES, halt_words

AUTHOR = "store"
_MOST_S = 2.0  # karb: constant because a store that keeps its promise never takes so long
_SHOWN = 200  # karb: constant because it cuts a shown text


def _unsaid(why: str) -> None:
    """Nobody is told."""


@dataclass(slots=True)
class HaltBoard:
    """One strategy's look at the store; `good_for_ns`: how long an answer of it is good for; `lost`: told why, once until it
    answers again.

    While the store does not answer, before it did for the first time too, nothing is entered; no way out waits for it.
    Reading has a round of its own, so that a store that hangs holds up no other hand.
    """

    store: HaltStore
    clock: Clock
    good_for_ns: int
    lost: Callable[[str], None] = _unsaid
    unread: str = field(init=False, default="not asked yet")
    _stands: tuple[Halt, str] | None = field(init=False, default=None)
    _read_ns: int | None = field(init=False, default=None)
    _told: bool = field(init=False, default=False)
    _place: HaltPlace = field(init=False, default_factory=lambda: HaltPlace(AUTHOR))

    async def read(self) -> None:
        """Asks once. It does not raise: what went wrong is `unread`."""
        began_ns = self.clock.now_ns()
        try:
            told = await asyncio.wait_for(self.store.read(), _MOST_S)
        except TimeoutError:
            self._fails(f"no answer within {_MOST_S:g} s")
        except HaltStoreSilent as e:
            self._fails(str(e)[:_SHOWN])
        except Exception as e:  # noqa: BLE001 - whatever a store of anybody's does, nothing is entered then
            self._fails(type(e).__name__)
        else:
            self._stands = None if told is None else halt_words(told[:MOST_BYTES], self.store.where)
            self.unread, self._read_ns, self._told = "", began_ns, False

    def look(self, account: str, at_ns: int) -> Command | None:
        """As `HaltPlace.says`, of what was read last."""
        return self._place.says(self._stands, account, at_ns)

    def still(self) -> Mapping[str, Halt]:
        """What no resume undoes, as it was at the last look."""
        return self._place.still()

    def strength(self) -> Halt:
        """What the store says by being silent: no entries, and nothing where it answered."""
        if self.unread or self._read_ns is None:
            return Halt.NO_ENTRIES
        # A clock that was set back says nothing about how old the answer is.
        fresh = 0 <= self.clock.now_ns() - self._read_ns <= self.good_for_ns
        return Halt.NONE if fresh else Halt.NO_ENTRIES

    def _fails(self, why: str) -> None:
        self.unread = why
        if not self._told:
            self._told = True
            self.lost(why)
