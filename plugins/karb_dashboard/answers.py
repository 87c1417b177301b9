"""What each address of the API answers, made of one look at the house. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from karb_core.ports import Document
from karb_dashboard.seen import Seen

#: Of every answer; it grows when a key changes its meaning or goes.
FORMAT = 1


def answer(**told: object) -> dict[str, object]:
    return {"format_version": FORMAT, **told}


def markets(seen: Seen, pair: str | None = None) -> list[Document]:
    return [told for told in seen.markets if pair in (None, told["pair"])]


def part(seen: Seen, name: str) -> list[Document]:
    """One part of each account's books."""
    return [{"account": book["account"], "as_of": book["as_of"], **_dict(book[name])} for book in seen.books]


def rows(seen: Seen, name: str, most: int, **wanted: str | None) -> Sequence[Document]:
    """Of all accounts, the newest first; `wanted`: what stands in a row under that name, None for whatever."""
    asked = {key: value for key, value in wanted.items() if value is not None}
    found = [
        {"account": book["account"], **row}
        for book in seen.books
        for row in _rows(book[name])
        if all(row.get(key) == value for key, value in asked.items())
    ]
    found.sort(key=_when, reverse=True)
    return found[:most]


def said(seen: Seen, most: int) -> list[Document]:
    """What the house said and what its owner was told, the newest first."""
    lines: list[dict[str, Any]] = [{"is": "said", **line} for line in seen.said]
    lines += [{"is": "notice", **row} for row in rows(seen, "notices", most)]
    lines.sort(key=_when, reverse=True)
    return list(lines[:most])


def _when(row: Mapping[str, Any]) -> str:
    return str(row.get("exited_at") or row.get("last_at") or row.get("at"))


def _dict(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _rows(value: object) -> Sequence[dict[str, Any]]:
    assert isinstance(value, list)
    return value
