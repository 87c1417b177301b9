"""What a client of a stream asked for: one JSON array, and the next one takes its place.

Source: Upbit's and Bithumb's pages of their WebSocket APIs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from karb_core.domain.instrument import Instrument
from karb_lab.korean.refused import Refused
from karb_lab.korean.words import code
from karb_lab.venue import Venue

_PRIVATE = ("myOrder", "myAsset")
_FLAGS = ("is_only_snapshot", "is_only_realtime")
_OLD_FLAGS = ("isOnlySnapshot", "isOnlyRealtime")


@dataclass(frozen=True, slots=True)
class Grammar:
    """Where the two venues differ. `public`: types that need no key; `forms`: formats, the usual one first; `deepest`: how
    many levels a book is told with, `level` by what it is grouped, where nothing is asked.
    """

    public: tuple[str, ...]
    forms: tuple[str, ...]
    deepest: int
    level: Decimal


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
    form: str = "DEFAULT"
    wishes: tuple[Wish, ...] = ()
    asks_list: bool = False

    @classmethod
    def read(cls, text: str, grammar: Grammar, venue: Venue, *, private: bool) -> Subscription:
        """Errors: `Refused` with the name that the socket tells: NO_TICKET, NO_TYPE, NO_CODES, WRONG_FORMAT."""
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
        forms = [part["format"] for part in parts if "format" in part] or [grammar.forms[0]]
        typed = [part for part in parts if "type" in part]
        if not typed:
            raise _wrong("NO_TYPE", "Type을 찾을 수 없습니다.")
        if forms[0] not in grammar.forms:
            raise _wrong("WRONG_FORMAT", "Format이 맞지 않습니다.")
        return cls(str(tickets[0]), forms[0], tuple(_wish(part, grammar, venue, private=private) for part in typed))

    def listing(self, ticket: str) -> dict[str, object]:
        """What is asked for now, as it was written."""
        result = [{"type": wish.type, "codes": list(wish.written)} for wish in self.wishes]
        return {"method": "LIST_SUBSCRIPTIONS", "result": result, "ticket": ticket}


def _wish(part: dict[str, object], grammar: Grammar, venue: Venue, *, private: bool) -> Wish:
    kind = str(part["type"])
    if kind not in (_PRIVATE if private else grammar.public):
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
    return Wish(kind, _codes(names, grammar, venue), names, _level(part, grammar), not only[1], not only[0])


def _codes(names: tuple[str, ...], grammar: Grammar, venue: Venue) -> dict[Instrument, int]:
    """Edge: a code that is not traded is passed over."""
    found: dict[Instrument, int] = {}
    for name in names:
        market, _, depth = name.partition(".")
        instrument = next((one for one in venue.facts if code(one) == market), None)
        if instrument is not None:
            found[instrument] = int(depth) if depth.isdecimal() and int(depth) else grammar.deepest
    return found


def _level(part: dict[str, object], grammar: Grammar) -> Decimal:
    told = str(part.get("level", grammar.level))
    if not told.replace(".", "", 1).isdecimal():
        raise _wrong("INVALID_PARAM", "level이 올바르지 않습니다.")
    return Decimal(told)


def _wrong(name: str, message: str) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, name, message)
