"""How Upbit's public REST says no, and when to ask no more.

Each answer says what is left of its group in this second: `Remaining-Req: group=candles; min=600; sec=9`. When nothing
is, the next question waits until the second is over. Source: Upbit, rate limits.
"""

from __future__ import annotations

import re

import msgspec

from karb_core.connection.questions import Manner
from karb_core.connection.request import Answer
from karb_upbit.codes import VENUE

_NEXT_SECOND_S = 1.0  # karb: constant because Upbit counts its limits by the second
_LEFT = re.compile(r"\bsec=([0-9]{1,6})")


class _No(msgspec.Struct):
    name: str | int = ""
    message: str = ""


class _Refused(msgspec.Struct):
    error: _No


def _refusal(body: bytes) -> str | None:
    try:
        no = msgspec.json.decode(body, type=_Refused).error
    except (msgspec.DecodeError, RecursionError):
        return None
    return f"{no.name}: {no.message}"


def _held_s(answer: Answer) -> float:
    """Nothing is left in this second: the next one is waited for before anybody asks again."""
    left = _LEFT.search(answer.headers.get("remaining-req", ""))
    return _NEXT_SECOND_S if left is not None and int(left[1]) == 0 else 0.0


MANNER = Manner(VENUE, _refusal, _held_s)
