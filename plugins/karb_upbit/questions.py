"""What is asked of Upbit's public REST endpoints: one question at a time, within its limits, asked again if silent.

Each answer says what is left of its group in this second: `Remaining-Req: group=candles; min=600; sec=9`. When nothing
is, the next question waits until the second is over. Source: Upbit, rate limits.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol

import msgspec

from karb_core.domain.instant import to_ns
from karb_core.domain.statement import VenueSilent
from karb_upbit.codes import VENUE

_AGAIN_AFTER_S = (1, 2, 4, 8, 16)  # karb: constant because it says how often a question is asked, never what follows
_NEXT_SECOND_S = 1.0  # karb: constant because Upbit counts its limits by the second
_LEFT = re.compile(r"\bsec=([0-9]{1,6})")
# karb: constant because HTTP and Upbit's page name these: well, over a limit, shut out, and faults of the venue
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
                try:
                    answer = await self.gets(target)
                except Unasked as e:
                    why = str(e)
                else:
                    if answer.status == _WELL:
                        await _held(answer)
                        return answer
                    why = _words(answer)
                    if answer.status != _TOO_MANY and answer.status < _FAULTS:
                        break
                if wait_s is not None:
                    await asyncio.sleep(wait_s)
            raise VenueSilent(VENUE, target.partition("?")[0], why)


async def _held(answer: Answered) -> None:
    """Nothing is left in this second: the next one is waited for before anybody asks again."""
    left = _LEFT.search(answer.headers.get("remaining-req", ""))
    if left is not None and int(left[1]) == 0:
        await asyncio.sleep(_NEXT_SECOND_S)


class _No(msgspec.Struct):
    name: str | int = ""
    message: str = ""


class _Refused(msgspec.Struct):
    error: _No


def _words(answer: Answered) -> str:
    """What the venue said, and how."""
    try:
        no = msgspec.json.decode(answer.body, type=_Refused).error
        said = f"{no.name}: {no.message}"
    except (msgspec.DecodeError, RecursionError):
        said = answer.body[:_SHOWN].decode("utf-8", "replace")
    shut = " (shut out for a time)" if answer.status == _SHUT_OUT else ""
    return " ".join(f"HTTP {answer.status}{shut} {said}".split())[:_SHOWN]
