"""What a process of a crew does: parts of points, over data that it has read for itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from karb_core.errors import KarbError
from karb_core.history.dataset import Dataset
from karb_core.history.pieces import cut
from karb_core.history.span import Span
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports.points import Changes, PointResult
from karb_core.rulebook.check import check_document
from karb_core.rulebook.reader import Document
from karb_core.texts.text import Text
from karb_core.wiring.market_data import market_data
from karb_core.wiring.point_carrier import PointCarrier

T = TypeVar("T")
Told = Callable[[PointResult], T]
#: How long a part took in seconds, and what came of it.
Done = tuple[float, list[tuple[int, Any]]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of the data points are carried out over; digest: of the data."""

    span: Span
    judged_from_ns: int
    digest: str

    @classmethod
    def of(cls, carrier: PointCarrier) -> Stretch:
        return cls(carrier.span, carrier.judged_from_ns, carrier.loaded.digest)


_held: list[PointCarrier] = []
_last: list[PointCarrier] = []


def hold(document: Document, dataset: Dataset, span: Span) -> None:
    """For all that is asked of this process. Edge: nothing where it cannot be read: whoever asks reads the same, and says so."""
    _held[:] = _last[:] = []
    rulebook = check_document(document, Catalogue.installed()).rulebook
    if rulebook is None:
        return
    with suppress(KarbError):
        _held[:] = _last[:] = [PointCarrier(document, dataset, span, market_data(rulebook, dataset, span).data)]


def carried(stretch: Stretch, points: list[tuple[int, Changes]], told: Told[Any]) -> Done:
    """Errors: KarbError where the data are not those that were read by whoever asks."""
    if not _held or _held[0].loaded.digest != stretch.digest:
        raise KarbError(Text("points.changed"), Text("points.changed.help"))
    whole = _held[0]
    if Stretch.of(_last[0]) != stretch:
        data = cut(whole.loaded, stretch.span, None)
        part = PointCarrier(whole.document, whole.dataset, stretch.span, data, stretch.judged_from_ns)
        _last[:] = [whole if Stretch.of(whole) == stretch else part]
    return carry(points, _last[0], told)


def carry(points: list[tuple[int, Changes]], carrier: PointCarrier, told: Told[Any]) -> Done:
    began_s = time.perf_counter()
    done = [(at, told(carrier.result(changes))) for at, changes in points]
    return time.perf_counter() - began_s, done
