"""What differs between two sets of values: line by line, and whether it allows more or less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from karb_core.rulebook.finding import Mark
from karb_core.rulebook.lock import Lock, LockedLine
from karb_core.rulebook.rule_lines import RuleLine
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.canonical import Canonical
from karb_core.rules.roles import Role


class Change(StrEnum):
    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs. `looser`: it allows more than before; None where that cannot be said."""

    kind: str
    change: Change
    pointer: str
    before: str
    after: str
    mark: Mark | None
    looser: bool | None


def from_lock(lock: Lock, now: Rulebook) -> list[Difference]:
    """What the file says now against what was approved."""
    tables = {"rules": lock.rules, "assumptions": lock.assumptions, "settings": lock.settings}
    return [d for kind, table in tables.items() for d in _differences(kind, table, _lines(now, kind))]


def between(before: Rulebook, after: Rulebook) -> list[Difference]:
    """What one file says against another."""
    kinds = ("rules", "assumptions", "settings")
    return [d for kind in kinds for d in _differences(kind, _as_locked(_lines(before, kind)), _lines(after, kind))]


_ROLES = {"rules": {Role.RULE, Role.WIRING}, "assumptions": {Role.ASSUMPTION}, "settings": {Role.TECH}}


def _lines(book: Rulebook, kind: str) -> dict[str, RuleLine]:
    return {line.pointer: line for line in book.lines if line.role in _ROLES[kind] and line.pointer != "/about"}


def _as_locked(lines: Mapping[str, RuleLine]) -> dict[str, LockedLine]:
    return {p: LockedLine(line.use, line.value, line.written or "") for p, line in lines.items()}


def _differences(kind: str, before: Mapping[str, LockedLine], now: Mapping[str, RuleLine]) -> list[Difference]:
    found = [
        Difference(kind, Change.REMOVED, p, _spelt(old.written, old.value), "", None, None)
        for p, old in before.items()
        if p not in now
    ]
    for p, line in now.items():
        after = _spelt(line.written, line.value)
        if p not in before:
            found.append(Difference(kind, Change.ADDED, p, "", after, line.mark, None))
        elif before[p].value != line.value:
            looser = _looser(before[p].value, line.value, line.tighter)
            written = _spelt(before[p].written, before[p].value)
            found.append(Difference(kind, Change.CHANGED, p, written, after, line.mark, looser))
    return sorted(found, key=lambda d: d.pointer)


def _spelt(written: str | None, value: Canonical) -> str:
    return written or str(value)


def _looser(before: Canonical, after: Canonical, tighter: str | None) -> bool | None:
    if tighter is None:
        return None
    if (before is None) != (after is None):
        return after is None  # `none` sets no bound: nothing is looser
    (old, unit), (new, same) = _number(before), _number(after)
    if old is None or new is None or unit != same:
        return None
    return new > old if tighter == "lower" else new < old


def _number(value: Canonical) -> tuple[Decimal | None, str]:
    """The number and the asset of a canonical text: `0.03`, `300s`, `40000000 KRW`."""
    number, _, asset = str(value).removesuffix("s").partition(" ")
    try:
        return Decimal(number), asset
    except InvalidOperation:
        return None, asset
