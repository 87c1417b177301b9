"""Gates: where they stand, and names that tell two of a kind apart."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reviews.case import Case
from karb_core.texts.text import Text

_LISTS = ("feeds", "risk_gates", "executors", "notifiers")


def review_gates(case: Case) -> Iterator[Finding]:
    seen: dict[tuple[object, str, str | None], str] = {}
    for seat in case.rulebook.seats:
        key = (seat.path[0], seat.use, seat.id)
        if key in seen and seat.path[0] in _LISTS:
            said = Text("id.twice", {"use": seat.use})
            yield case.error("K414", (*seat.path, "use"), said, Text("id.twice.help"))
        seen[key] = seat.use
        stands = getattr(seat.offer.component, "stands", None)
        for i, place in enumerate(seat.at):
            if stands is not None and place not in stands:
                said = Text("gate.misplaced", {"use": seat.use, "place": place, "stands": ", ".join(sorted(stands))})
                yield case.error(
                    "K424",
                    (*seat.path, "at", i),
                    said,
                    Text("gate.misplaced.help", {"stands": ", ".join(sorted(stands))}),
                )
