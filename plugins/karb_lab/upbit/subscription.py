"""What a client of Upbit's streams asked for: one JSON array, and the next one takes its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from karb_core.domain.instrument import Instrument
from karb_lab.tape import MINUTE_NS
from karb_lab.upbit.candles import MINUTES
from karb_lab.upbit.frames import FORMATS
from karb_lab.upbit.quotation import LEVELS
from karb_lab.upbit.refused import UpbitRefused
from karb_lab.upbit.words import code
from karb_lab.venue import Venue

PRIVATE = ("myOrder", "myAsset")
_FLAGS = ("is_only_snapshot", "is_only_realtime")
_OLD_FLAGS = ("isOnlySnapshot", "isOnlyRealtime")
SPANS_NS = {
    "candle.1s": MINUTE_NS,  # karb: constant because the tape keeps minutes: a second is told as its minute
    **{f"candle.{unit}m": unit * MINUTE_NS for unit in MINUTES},
}


@dataclass(frozen=True, slots=True)
class Wish:
    """One type of message. `codes`: instruments with how deep a book is told; all where empty and that may be."""

    type: str
    codes: dict[Instrument, int]
    written: tuple[str, ...]
    level: Decimal
    snapshot: bool
    realtime: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    ticket: str = ""
    form: str = FORMATS[0]
    wishes: tuple[Wish, ...] = ()
    asks_list: bool = False

    @classmethod
    def read(cls, text: str, venue: Venue, *, private: bool) -> Subscription:
        """Errors: `UpbitRefused` with the name that the socket tells: NO_TICKET, NO_TYPE, NO_CODES, WRONG_FORMAT."""
        try:
            parts = json.loads(text)
        except ValueError as wrong:
            raise _wrong("WRONG_FORMAT", "Format이 맞지 않습니다.") from wrong
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise _wrong("WRONG_FORMAT", "Format이 맞지 않습니다.")
        tickets = [part["ticket"] for part in parts if "ticket" in part]
        if not tickets:
            raise _wrong("NO_TICKET", "Ticket을 찾을 수 없습니다.")
        if any(part.get("method") == "LIST_SUBSCRIPTIONS" for part in parts):
            return cls(str(tickets[0]), asks_list=True)
        forms = [part["format"] for part in parts if "format" in part] or [FORMATS[0]]
        typed = [part for part in parts if "type" in part]
        if not typed:
            raise _wrong("NO_TYPE", "Type을 찾을 수 없습니다.")
        if forms[0] not in FORMATS:
            raise _wrong("WRONG_FORMAT", "Format이 맞지 않습니다.")
        return cls(str(tickets[0]), forms[0], tuple(_wish(part, venue, private=private) for part in typed))

    def listing(self, ticket: str) -> dict[str, object]:
        """What is asked for now, as it was written."""
        result = [{"type": wish.type, "codes": list(wish.written)} for wish in self.wishes]
        return {"method": "LIST_SUBSCRIPTIONS", "result": result, "ticket": ticket}


def _wish(part: dict[str, object], venue: Venue, *, private: bool) -> Wish:
    kind = str(part["type"])
    known = PRIVATE if private else ("ticker", "trade", "orderbook", *SPANS_NS)
    if kind not in known:
        raise _wrong("NO_TYPE", "지원하지 않는 type입니다.")
    given = part.get("codes")
    if kind == "myAsset" and given is not None:
        raise _wrong("WRONG_FORMAT", "myAsset은 codes를 지원하지 않습니다.")
    if not private and not given:
        raise _wrong("NO_CODES", "Codes를 찾을 수 없습니다.")
    if given is not None and not isinstance(given, list):
        raise _wrong("WRONG_FORMAT", "Format이 맞지 않습니다.")
    only = [bool(part.get(new, part.get(old))) for new, old in zip(_FLAGS, _OLD_FLAGS, strict=True)]
    names = tuple(str(one) for one in given or ())
    return Wish(kind, _codes(names, venue), names, _level(part), not only[1], not only[0])


def _codes(names: tuple[str, ...], venue: Venue) -> dict[Instrument, int]:
    """Edge: a code that is not traded is passed over, as Upbit does."""
    found: dict[Instrument, int] = {}
    for name in names:
        market, _, depth = name.partition(".")
        instrument = next((one for one in venue.facts if code(one) == market), None)
        if instrument is not None:
            found[instrument] = int(depth) if depth.isdecimal() and int(depth) else LEVELS
    return found


def _level(part: dict[str, object]) -> Decimal:
    # karb: constant because a book is told as it is where no grouping is asked for
    told = str(part.get("level", 0))
    if not told.replace(".", "", 1).isdecimal():
        raise _wrong("INVALID_PARAM", "level이 올바르지 않습니다.")
    return Decimal(told)


def _wrong(name: str, message: str) -> UpbitRefused:
    return UpbitRefused(HTTPStatus.BAD_REQUEST, name, message)
