"""Shares and reserve: parts of one capital."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain.exact import add
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.percent import percent
from karb_core.rulebook.reviews.case import Case
from karb_core.texts.text import Text

_WHOLE = Decimal(1)


def review_shares(case: Case) -> Iterator[Finding]:
    total = Decimal(0)
    for name, pair in case.view.pairs.items():
        total = add(total, pair.share)
        if total > _WHOLE:
            said = Text("shares.over", {"total": percent(total), "pair": name})
            yield case.error("K404", ("pairs", name, "share"), said, Text("shares.over.help"))
            break
    if case.view.reserve >= _WHOLE:
        yield case.error("K404", ("reserve",), Text("reserve.all"), Text("reserve.all.help"))
    if not case.view.pairs:
        yield case.error("K425", ("pairs",), Text("pairs.none"))
