"""From `use:` to the component: dispatch first, then read what stands under `with:` by that one class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.offer import Offer, PluginProblem
from karb_core.rulebook.diagnose import Subject, findings_of
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reader import Document
from karb_core.rules.mistakes import read_block
from karb_core.rules.params import Params
from karb_core.rules.shape import Path, Place, places
from karb_core.texts.text import Text


@dataclass(frozen=True, slots=True)
class Seat:
    """A component of the file: which, with which parameters, and where it is written.

    `path` is the place of the block with `use:`; `id` and `at` are what the core reads beside it; `inner`
    are the components named inside its parameters, by their own paths.
    """

    port: str
    use: str
    offer: Offer
    params: Params
    path: Path
    id: str | None = None
    at: tuple[str, ...] = ()
    inner: tuple[Seat, ...] = ()


@dataclass(slots=True)
class Dispatched:
    seats: list[Seat] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def dispatch(document: Document, model: type[Params], catalogue: Catalogue) -> Dispatched:
    """Every component the file names. A place that could not be filled has its finding instead of a seat."""
    out = Dispatched()
    for place in places(model, document.data):
        seat = _seat(document, place, catalogue, out.findings)
        if seat is not None:
            out.seats.append(seat)
    return out


def seat_again(document: Document, before: Seat, catalogue: Catalogue) -> Seat | None:
    """The same place of a document that says something else there; None where it cannot be filled as it is written."""
    written = document.data
    for step in before.path:
        written = written[step]
    findings: list[Finding] = []
    seat = _seat(document, Place(before.path, before.port, written), catalogue, findings)
    return None if findings else seat


def _seat(document: Document, place: Place, catalogue: Catalogue, findings: list[Finding]) -> Seat | None:
    written = place.written
    use = written.get("use") if isinstance(written, dict) else None
    if not isinstance(use, str) or "." not in use:
        return None  # the block's own mistake, already said
    offer = catalogue.find(use)
    if not isinstance(offer, Offer) or offer.port != place.port:
        findings.append(_not_there(document, place, use, offer, catalogue))
        return None
    block = written.get("with", {})
    if not isinstance(block, dict):
        return None
    return _read(document, place, offer, block, catalogue, findings)


def _read(
    document: Document, place: Place, offer: Offer, block: Any, catalogue: Catalogue, findings: list[Finding]
) -> Seat | None:
    path = (*place.path, "with")
    subject = Subject(offer.use, offer.params, path, document.mark((*place.path, "use")), beside=place.written)
    try:
        params = read_block(offer.params, block)
    except Exception as e:  # noqa: BLE001 - a plugin's own class may raise anything while it reads
        said = Text("review.raised", {"use": offer.use, "kind": type(e).__name__, "message": str(e).split("\n")[0]})
        findings.append(Finding("K901", said, subject.mark))
        return None
    if isinstance(params, list):
        findings += findings_of(document, subject, params)
    inner = [_seat(document, found, catalogue, findings) for found in places(offer.params, block, path)]
    if isinstance(params, list):
        return None
    beside: Mapping[str, Any] = place.written
    at = tuple(beside["at"]) if isinstance(beside.get("at"), list) else ()
    name = beside.get("id")
    return Seat(
        place.port, offer.use, offer, params, place.path, name if isinstance(name, str) else None, at,
        tuple(seat for seat in inner if seat is not None),
    )  # fmt: skip


def _not_there(
    document: Document, place: Place, use: str, offer: Offer | PluginProblem | None, catalogue: Catalogue
) -> Finding:
    mark = document.mark((*place.path, "use"))
    if isinstance(offer, PluginProblem):
        said = Text("use.broken", {"use": use, "plugin": offer.name, "why": offer.said})
        return Finding("K207", said, mark, Text("use.broken.help", {"plugin": offer.name}))
    said = Text("use.unknown", {"port": place.port, "use": use})
    if isinstance(offer, Offer):
        help_ = Text("use.other_port", {"use": use, "is": offer.port, "wanted": place.port})
        return Finding("K206", said, mark, help_)
    near = _near(use, place.port, catalogue)
    if near is not None:
        return Finding("K206", said, mark, Text("did_you_mean", {"near": near}))
    if catalogue.plugin(use.partition(".")[0]) is None:
        return Finding("K207", Text("use.no_plugin", {"use": use, "plugin": use.partition(".")[0]}), mark,
                       Text("use.no_plugin.help"))  # fmt: skip
    return Finding("K206", said, mark, Text("use.list.help", {"port": place.port}))


def _near(use: str, port: str, catalogue: Catalogue) -> str | None:
    """The most similar component of this port: of the plugin that is named, or of one with a similar name."""
    plugin = use.partition(".")[0]
    if plugin in catalogue.names():
        known = [offer.use for offer in catalogue.offers([plugin]) if offer.port == port]
        return next(iter(get_close_matches(use, known, 1, 0.6)), None)
    # of a plugin that is not installed it is more likely that it is not installed than that its name is misspelt
    names = get_close_matches(plugin, catalogue.names(), 3, 0.6)
    known = [offer.use for offer in catalogue.offers(names) if offer.port == port]
    return next(iter(get_close_matches(use, known, 1, 0.8)), None)


def every(seats: list[Seat] | tuple[Seat, ...]) -> Iterator[Seat]:
    """The seats and those inside them, outermost first."""
    for seat in seats:
        yield seat
        yield from every(seat.inner)
