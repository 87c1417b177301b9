"""How often each of the owner's lines said no."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from karb_core.domain.decisions import Cited
from karb_core.ports import Refusal


@dataclass(frozen=True, slots=True)
class Refused:
    """One line. episodes: refusals that went on count once; judged: how often it was judged so; ways: `entry`, `exit`."""

    by: Cited
    episodes: int
    judged: int
    ways: tuple[str, ...]


def refused(refusals: Iterable[Refusal]) -> list[Refused]:
    """Most episodes first. Edge: one refusal may be of several lines, and counts for each."""
    found: dict[Cited, list[Refusal]] = {}
    for refusal in refusals:
        for cited in dict.fromkeys(refusal.by):
            found.setdefault(cited, []).append(refusal)
    rows = [
        Refused(by, len(mine), sum(one.times for one in mine), tuple(dict.fromkeys(one.kind for one in mine)))
        for by, mine in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.episodes, row.by.line, row.by.rule))
