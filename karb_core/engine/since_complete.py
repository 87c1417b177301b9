"""What of the entries that fired still counts."""

from __future__ import annotations

from collections.abc import Iterable

from karb_core.ports import Fired


def since_complete(fired: Iterable[Fired]) -> tuple[Fired, ...]:
    """In their order, of each tier no further back than its last complete entry, which is kept: that the tier is spent,
    and which clips it has made since, is told by these alone.
    """
    told = tuple(fired)
    last = {one.tier: i for i, one in enumerate(told) if one.complete}
    return tuple(one for i, one in enumerate(told) if one.tier not in last or i >= last[one.tier])
