"""Every venue a pair trades at has a feed, an executor, a fee and a balance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from karb_core.ports import SeatView
from karb_core.rulebook.asking import asked
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reviews.case import Case
from karb_core.rules.shape import Path
from karb_core.texts.text import Text


def review_venues(case: Case) -> Iterator[Finding]:
    wanted: dict[str, Path] = {}
    for name, pair in case.view.pairs.items():
        wanted.setdefault(pair.near.venue, ("pairs", name, "near"))
        wanted.setdefault(pair.far.venue, ("pairs", name, "far"))
        if pair.near == pair.far:
            yield case.error("K426", ("pairs", name, "far"), Text("pair.same", {"pair": name}))
    for venue, path in wanted.items():
        yield from _without(case, venue, path)
    for section in ("balances", "costs", "inventory", "funds"):
        yield from _strangers(case, section, wanted)


def _without(case: Case, venue: str, path: Path) -> Iterator[Finding]:
    for port, section in (("feed", "feeds"), ("executor", "executors")):
        seats = [seat for seat in case.view.seats if seat.port == port and seat.path[0] == section]
        if not any(_serves(seat, venue) for seat in seats):
            said = Text("venue.unserved", {"venue": venue, "section": section})
            yield case.error("K412", path, said, Text("venue.unserved.help", {"venue": venue, "section": section}))
    for section in ("costs", "balances", *(() if case.rulebook.file.funds is None else ("funds",))):
        listed = getattr(case.rulebook.file, section)
        if venue not in listed and not misspelt(venue, listed):
            said = Text("venue.unlisted", {"venue": venue, "section": section})
            yield case.error("K413", path, said, Text("venue.unlisted.help", {"venue": venue, "section": section}))


def misspelt(venue: str, listed: Iterable[str]) -> bool:
    """Whether a section that lacks the venue has one that looks like it: that one is then what is wrong."""
    return bool(get_close_matches(venue, listed, 1, 0.6))


def _serves(seat: SeatView, venue: str) -> bool:
    venues = asked(seat.component, seat.use, seat.path, "venues", seat.params)
    return venues is None or venue in venues


def _strangers(case: Case, section: str, wanted: dict[str, Path]) -> Iterator[Finding]:
    for venue in getattr(case.rulebook.file, section) or {}:
        if venue not in wanted:
            near = get_close_matches(venue, wanted, 1, 0.6)
            help_ = Text("did_you_mean", {"near": near[0]}) if near else Text("venue.stranger.help", {"venue": venue})
            said = Text("venue.stranger", {"venue": venue, "section": section})
            yield case.error("K427", (section, venue), said, help_)
