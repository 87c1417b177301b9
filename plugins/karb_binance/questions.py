"""What is asked of Binance's public REST: one question at a time, asked again if silent, within its limits.

Over a limit it answers 429 with `Retry-After` in seconds; who goes on is shut out with 418, for minutes or days. Source:
Binance USD-M futures, general information, limits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol

import msgspec

from karb_binance.market_wire import Refusal
from karb_binance.symbols import VENUE
from karb_core.domain.instant import to_ns
from karb_core.domain.statement import VenueSilent

_AGAIN_AFTER_S = (1, 2, 4, 8, 16)  # karb: constant because it says how often a question is asked, never what follows
_LONGEST_S = 60  # karb: constant because Binance counts its limits by the minute
# karb: constant because HTTP and Binance's page name these: well, over a limit, shut out, and faults of the venue
_WELL, _TOO_MANY, _SHUT_OUT, _FAULTS = 200, 429, 418, 500
_SHOWN = 200  # karb: constant because it cuts a shown text


class Unasked(Exception):
    """No answer came. A question changes nothing, so it may be asked again."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def at_ns(self) -> int | None:
        """The venue's own time, in whole seconds, rounded down; None where it told none."""
        try:
            return to_ns(parsedate_to_datetime(self.headers["date"]))
        except (KeyError, ValueError):
            return None


class Gets(Protocol):
    """One GET, sent once. `target`: path and query. Errors: `Unasked`."""

    async def __call__(self, target: str) -> Answered: ...


@dataclass(slots=True)
class Questions:
    """Asked one after the other, whoever asks: the limits are of the machine's address."""

    gets: Gets
    _turn: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    async def ask(self, target: str) -> Answered:
        """An answer that says it is well. Errors: `VenueSilent` with the venue's own words, or what broke.

        What may pass is asked again, five times; a refusal is not, and neither is anything while we are shut out.
        """
        async with self._turn:
            why = ""
            for wait_s in (*_AGAIN_AFTER_S, None):
                held_s = 0
                try:
                    answer = await self.gets(target)
                except Unasked as e:
                    why = str(e)
                else:
                    if answer.status == _WELL:
                        return answer
                    why, held_s = _words(answer), _held_s(answer)
                    if answer.status != _TOO_MANY and answer.status < _FAULTS:
                        break
                if wait_s is not None:
                    await asyncio.sleep(max(wait_s, held_s))
            raise VenueSilent(VENUE, target.partition("?")[0], why)


def _held_s(answer: Answered) -> int:
    told = answer.headers.get("retry-after", "")
    return min(int(told), _LONGEST_S) if told.isdecimal() else 0


def _words(answer: Answered) -> str:
    """What the venue said, and how."""
    try:
        no = msgspec.json.decode(answer.body, type=Refusal)
        said = f"{no.code}: {no.msg}"
    except (msgspec.DecodeError, RecursionError):
        said = answer.body[:_SHOWN].decode("utf-8", "replace")
    shut = " (shut out for a time)" if answer.status == _SHUT_OUT else ""
    return " ".join(f"HTTP {answer.status}{shut} {said}".split())[:_SHOWN]
