"""Points of a strategy file, opened: what each is, and who carries it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TypeVar

from karb_core.domain import canonical
from karb_core.history.dataset import Dataset
from karb_core.history.pieces import cut
from karb_core.history.span import Span
from karb_core.plugin.offer import Offer
from karb_core.ports.points import Changes, PointResult, Where
from karb_core.rulebook.changed import path_of
from karb_core.rulebook.code_digest import code_digests, package_digest
from karb_core.rulebook.reader import Document
from karb_core.rulebook.rewritten import rewritten
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.shape import at
from karb_core.rules.written_value import flow
from karb_core.wiring.crew import Crew
from karb_core.wiring.market_data import market_data, market_data_of
from karb_core.wiring.over_cores import over_cores
from karb_core.wiring.over_dask import over_dask
from karb_core.wiring.point_carrier import PointCarrier

T = TypeVar("T")
_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_USES = re.compile(r"\buse: *([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """`ports.Points` over one file and one stretch of data."""

    document: Document
    rulebook: Rulebook
    carrier: PointCarrier
    where: Where
    crew: Crew

    @property
    def data(self) -> str:
        return self.carrier.dataset.place

    @property
    def span_ns(self) -> tuple[int, int]:
        given = market_data_of(self.rulebook, self.carrier.dataset, self.carrier.loaded)
        assert given is not None
        start_ms, end_ms = given.whole(max(series.bars.length_ms for series in given.data.series.values()))
        return start_ms * _NS, end_ms * _NS

    def written(self, pointer: str) -> str | None:
        try:
            path = path_of(self.document, pointer)
        except LookupError:
            return None
        held = at(self.document.data, path)
        return flow(held) if isinstance(held, dict | list) else self.document.written[path]

    def key(self, changes: Changes, also: Sequence[str]) -> str:
        span = self.carrier.span
        return canonical.digest(
            {
                "config": self.rulebook.digests.config,
                "changes": sorted((change.pointer, change.written) for change in changes),
                "data": self.carrier.loaded.digest,
                "span": (span.since_ms, span.until_ms),
                "judged_from_ns": self.carrier.judged_from_ns,
                "code": self._code(changes, also),
            }
        )

    def results(self, points: Sequence[Changes], told: Callable[[PointResult], T]) -> Iterator[tuple[int, T]]:
        if self.where.cluster is not None:
            return over_dask(self.where.cluster, self.carrier, points, told, self._code((), (_package(told),)))
        return over_cores(self.where.cores, self.carrier, points, told, self.crew)

    def text(self, changes: Changes) -> str:
        return rewritten(self.document, changes)

    def within(self, from_ns: int, until_ns: int) -> OpenPoints:
        span = Span(self.carrier.span.since_ms, until_ns // _NS)
        loaded = cut(self.carrier.loaded, span, None)
        carrier = PointCarrier(self.document, self.carrier.dataset, span, loaded, from_ns)
        return replace(self, carrier=carrier)

    def _code(self, changes: Changes, also: Sequence[str]) -> dict[str, str]:
        """By import package."""
        offers = {seat.use: seat.offer for seat in self.rulebook.all_seats()}
        for change in changes:
            uses = _USES.findall(change.written or "")
            found = (self.carrier.catalogue.find(use) for use in uses)
            offers |= {offer.use: offer for offer in found if isinstance(offer, Offer)}
        digests = {package: told.code for package, told in code_digests(offers.values()).items()}
        return digests | {package: package_digest(import_module(package).__name__) for package in also}


def open_points(
    document: Document, rulebook: Rulebook, dataset: Dataset, span: Span, where: Where, crew: Crew | None = None
) -> OpenPoints:
    """Reads the data that the file needs as it is. `crew`: of the same, where it was begun before. Errors: as `market_data`."""
    crew = Crew(document, dataset, span) if crew is None else crew
    loaded = market_data(rulebook, dataset, span).data
    return OpenPoints(document, rulebook, PointCarrier(document, dataset, span, loaded), where, crew)


def _package(told: Callable[[PointResult], object]) -> str:
    """Whose a function is, also one that was given some of what it asks for."""
    return str(getattr(told, "func", told).__module__).partition(".")[0]
