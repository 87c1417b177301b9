"""What is asked of a venue's public REST: one question at a time, within its limits, asked again if silent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from karb_core.connection.failures import Unanswered
from karb_core.connection.request import Answer
from karb_core.connection.retry_schedule import AGAIN_AFTER_S
from karb_core.domain.statement import VenueSilent

# karb: constant because HTTP and the venues' pages name these: well, over a limit, shut out, and faults of the venue
_WELL, _TOO_MANY, _SHUT_OUT, _FAULTS = 200, 429, 418, 500
_SHOWN = 200  # karb: constant because it cuts a shown text


class Gets(Protocol):
    """One GET, sent once. `target`: path and query. Errors: `Unanswered`."""

    async def __call__(self, target: str) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Manner:
    """refusal: what a venue says in a body that says no, None where it is no body of its own. held_s: for how long its
    answer says that nothing more is to be asked. Unit: seconds."""

    venue: str
    refusal: Callable[[bytes], str | None]
    held_s: Callable[[Answer], float]


@dataclass(slots=True)
class Questions:
    """Asked one after the other, whoever asks: the limits are of the machine's address."""

    gets: Gets
    manner: Manner
    _turn: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    async def ask(self, target: str) -> Answer:
        """An answer that says it is well. Errors: `VenueSilent` with the venue's own words, or what broke.

        What may pass is asked again, five times; a refusal is not, and neither is anything while we are shut out. Where an
        answer says to wait, whoever asks next waits.
        """
        async with self._turn:
            why = ""
            for wait_s in (*AGAIN_AFTER_S, None):
                held_s = 0.0
                try:
                    answer = await self.gets(target)
                except Unanswered as e:
                    why = e.why
                else:
                    held_s = self.manner.held_s(answer)
                    if answer.status == _WELL:
                        if held_s:
                            await asyncio.sleep(held_s)
                        return answer
                    why = self._words(answer)
                    if answer.status != _TOO_MANY and answer.status < _FAULTS:
                        break
                if wait_s is not None:
                    await asyncio.sleep(max(wait_s, held_s))
            raise VenueSilent(self.manner.venue, target.partition("?")[0], why)

    def _words(self, answer: Answer) -> str:
        """What the venue said, and how."""
        said = self.manner.refusal(answer.body)
        told = answer.body[:_SHOWN].decode("utf-8", "replace") if said is None else said
        shut = " (shut out for a time)" if answer.status == _SHUT_OUT else ""
        return " ".join(f"HTTP {answer.status}{shut} {told}".split())[:_SHOWN]
