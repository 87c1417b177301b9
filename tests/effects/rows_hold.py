"""Goes through rows of the table: each says where another value of a rule shows, and in what."""

from __future__ import annotations

from collections.abc import Iterable

from tests.effects.done import differs
from tests.effects.replays import Replays
from tests.effects.row import Row


def fails(replays: Replays, rows: Iterable[Row]) -> list[str]:
    """A sentence for each row that does not hold."""
    found = []
    for row in rows:
        before = replays.done(row.file, row.besides, row.replay)
        shown = differs(before, replays.done(row.file, row.besides + row.changes, row.replay))
        if shown != row.differs:
            found.append(f"{row.file} {row.rule}, {row.replay}: {row.differs} in the table, {shown} found")
    return found
