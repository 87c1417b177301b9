"""What changed between two looks, as messages of a type each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from karb_core.ports import Document
from karb_dashboard.seen import Seen

#: Every type of a message, in the order in which a snapshot tells them.
TYPES = ("market", "position", "order", "trade", "halt", "heartbeat")
Message = dict[str, Any]
_Named = Mapping[str, Document]


def snapshot(seen: Seen) -> Iterator[Message]:
    """All there is, a message of each type."""
    yield from ({**message, "snapshot": True} for message in _between(Seen(), seen, all_of=True))


def changes(before: Seen, seen: Seen) -> Iterator[Message]:
    """What is new or another since then, and the names of what is gone; nothing where nothing is."""
    yield from ({**message, "snapshot": False} for message in _between(before, seen, all_of=False))


def heartbeat(seen: Seen, now: str) -> Message:
    return {"type": "heartbeat", "snapshot": False, "data": [{"now": now, **_heart(seen)}], "gone": []}


def halts(seen: Seen) -> list[Document]:
    """Every strategy with what stands halted there, and what was told and not taken yet."""
    return [
        {"account": book["account"], **{name: one[name] for name in ("strategy", "mode", "halted", "told")}}
        for book in seen.books
        for one in _of(book, "status", "strategies")
    ]


def _between(before: Seen, seen: Seen, *, all_of: bool) -> Iterator[Message]:
    if all_of or before.markets is not seen.markets:
        yield from _message("market", before, seen, _markets, all_of=all_of)
    if all_of or before.books is not seen.books:
        yield from _message("position", before, seen, _lots, all_of=all_of)
        yield from _message("order", before, seen, _rows("orders", "order"), all_of=all_of)
        yield from _message("trade", before, seen, _rows("trades", "lot"), all_of=all_of)
        yield from _message("halt", before, seen, _halts, all_of=all_of)
    if all_of:
        yield {"type": "heartbeat", "data": [_heart(seen)], "gone": []}


def _message(
    kind: str, before: Seen, seen: Seen, named: Callable[[Seen], _Named], *, all_of: bool
) -> Iterator[Message]:
    was, now = named(before), named(seen)
    new = [told for name, told in now.items() if was.get(name) != told]
    # The oldest rows fall off a list of the latest: they are not gone.
    gone = [name for name in was if name not in now] if kind in ("position", "market") else []
    if all_of or new or gone:
        yield {"type": kind, "data": new, "gone": gone}


def _markets(seen: Seen) -> _Named:
    return {f"{told['strategy']} {told['pair']}": told for told in seen.markets}


def _lots(seen: Seen) -> _Named:
    """Less how old they are, which changes without anything happening."""
    lots = ((book["account"], lot) for book in seen.books for lot in _of(book, "positions", "lots"))
    return {str(lot["lot"]): {"account": at, **{k: v for k, v in lot.items() if k != "age_s"}} for at, lot in lots}


def _rows(of: str, name: str) -> Callable[[Seen], _Named]:
    def named(seen: Seen) -> _Named:
        return {
            str(row[name]): {"account": book["account"], **row}
            for book in seen.books
            for row in reversed(_rows_of(book, of))
        }

    return named


def _halts(seen: Seen) -> _Named:
    return {f"{told['account']} {told['strategy']}": told for told in halts(seen)}


def _heart(seen: Seen) -> Document:
    return {"market_at_ns": str(seen.market_at_ns), "books_at_ns": str(seen.books_at_ns), "unread": seen.unread}


def _of(book: Document, part: str, rows: str) -> Iterable[dict[str, Any]]:
    inner: Any = book[part]
    found: Iterable[dict[str, Any]] = inner[rows]
    return found


def _rows_of(book: Document, of: str) -> Sequence[dict[str, Any]]:
    found: Any = book[of]
    rows: Sequence[dict[str, Any]] = found
    return rows
