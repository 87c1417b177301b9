"""The traffic light of a pair: green may enter, yellow a gate holds it back, red halted or stale. Pure; it decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from karb_core.ports import Document

_GATE = re.compile(r"(/risk_gates/\d+)/use")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?) ?(ms|s|m|h|d)")
_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}  # karb: constant because these have so many ms
#: The gate in which an owner says from when a price is old; without it no price is too old to enter.
_FRESH = "gates.fresh"


def light(market: Document, books: Sequence[Document], rules: Sequence[Document]) -> dict[str, object]:
    """`is`: the colour; `why`: words of which the first is one of `halted, silent, cold, down, no_price, stale`, or the
    rules by which a gate refused at the last row.
    """
    stands = _stands(market, books)
    red = list(_red(market, stands, rules))
    if red:
        return {"is": "red", "why": red}
    denied = _denied(market, stands)
    return {"is": "yellow", "why": denied} if denied else {"is": "green", "why": []}


def _red(market: Mapping[str, Any], stands: Mapping[str, Any] | None, rules: Sequence[Document]) -> Iterator[str]:
    if stands is None:
        yield "silent"
    else:
        yield from (f"halted: {one['reason']}" for one in stands["halted"])
    if not market["warm"]:
        yield "cold"
    yield from (f"down: {leg['venue']}" for leg in market["legs"] if any(state != "up" for state in leg["status"]))
    yield from (f"no_price: {leg['instrument']}" for leg in market["legs"] if leg["top"] is None)
    most_ms = _oldest_ms(market, rules)
    for leg in market["legs"]:
        if leg["top"] is not None and most_ms is not None and leg["top"]["age_ms"] > most_ms:
            yield f"stale: {leg['instrument']}"


def _stands(market: Mapping[str, Any], books: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next(
        (
            one
            for book in books
            if book["account"] == market["account"]
            for one in book["status"]["strategies"]
            if one["strategy"] == market["strategy"]
        ),
        None,
    )


def _denied(market: Mapping[str, Any], stands: Mapping[str, Any] | None) -> list[str]:
    """The rules that denied at the last row that was judged."""
    pair = next((one for one in (stands or {"pairs": ()})["pairs"] if one["pair"] == market["pair"]), None)
    refused = None if pair is None else pair["last_refusal"]
    judged = market["judged"]
    if refused is None or judged is None or refused["last_at"] < judged["at"]:
        return []
    return [str(each["rule"]) for each in refused["denied"]]


def _oldest_ms(market: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> float | None:
    """The owner's line on the age of books at entries, the strictest where there are several."""
    lines = next((each["lines"] for each in rules if each["strategy"] == market["strategy"]), ())
    written = {line["pointer"]: str(line["written"]) for line in lines}
    found = []
    for pointer, use in written.items():
        gate = _GATE.fullmatch(pointer)
        if (
            gate is None
            or use != _FRESH
            or not any("entry" in text for at, text in written.items() if at.startswith(f"{gate[1]}/at"))
        ):
            continue
        length = _LENGTH.fullmatch(written.get(f"{gate[1]}/with/book", ""))
        if length is not None:
            found.append(float(length[1]) * _MS[length[2]])
    return min(found, default=None)
