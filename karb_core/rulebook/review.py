"""Asks every review, the core's and the components' own."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.ports import Concern, FileView
from karb_core.rulebook.asking import ComponentRaised
from karb_core.rulebook.file_view import file_view
from karb_core.rulebook.finding import Finding, Severity
from karb_core.rulebook.reader import Document
from karb_core.rulebook.reviews.case import Case
from karb_core.rulebook.reviews.exits import review_exits
from karb_core.rulebook.reviews.gates import review_gates
from karb_core.rulebook.reviews.ladder import review_ladder
from karb_core.rulebook.reviews.modes import review_modes
from karb_core.rulebook.reviews.rates import review_rates
from karb_core.rulebook.reviews.shares import review_shares
from karb_core.rulebook.reviews.sides import review_sides
from karb_core.rulebook.reviews.venues import review_venues
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.shape import Path
from karb_core.texts.text import Text

_REVIEWS = (
    review_shares,
    review_venues,
    review_rates,
    review_sides,
    review_exits,
    review_ladder,
    review_gates,
    review_modes,
)


def review(document: Document, rulebook: Rulebook) -> Iterator[Finding]:
    """K4xx. A component whose own review raises is named; the file is refused rather than half looked at."""
    try:
        view = file_view(rulebook)
        case = Case(document, rulebook, view)
        for one in _REVIEWS:
            yield from one(case)
    except ComponentRaised as e:
        yield _raised(document, e.use, e.path, e.error)
        return
    yield from _own_reviews(document, rulebook, view)


def _raised(document: Document, use: str, path: Path, error: BaseException) -> Finding:
    # karb: constant because it cuts a shown text
    said = Text("review.raised", {"use": use, "kind": type(error).__name__, "message": str(error)[:200]})
    return Finding("K901", said, document.mark((*path, "use")))


def _concern(item: object) -> Concern:
    if not isinstance(item, Concern):
        raise TypeError(f"a review gives Concern, got {type(item).__name__}")
    return item


def _own_reviews(document: Document, rulebook: Rulebook, view: FileView) -> Iterator[Finding]:
    for seat in rulebook.all_seats():
        ask = getattr(seat.offer.component, "review", None)
        if ask is None:
            continue
        try:
            concerns = [_concern(item) for item in ask(seat.params, view)]
        except Exception as e:  # noqa: BLE001 - a plugin's review may raise anything; the file is then not approved
            yield _raised(document, seat.use, seat.path, e)
            continue
        for concern in concerns:
            mark = document.head((*seat.path, "with", *concern.path) if concern.path else (*seat.path, "use"))
            severity = Severity.WARNING if concern.warning else Severity.ERROR
            yield Finding(concern.code, concern.said, mark, concern.help, severity=severity)
