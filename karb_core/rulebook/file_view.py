"""What reviews and components' own reviews look at: the file in the words of the ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from karb_core.ports import FileView, PairView, SeatView, SizeFacts
from karb_core.rulebook.asking import asked
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.signal_facts import signal_facts


def file_view(rulebook: Rulebook) -> FileView:
    """Facts that the signal and the sizing state about themselves are asked for here, once.

    Errors: ComponentRaised, naming the one that could not say.
    """
    file = rulebook.file
    view = FileView(
        mode=file.mode,
        capital=file.capital,
        reserve=file.reserve,
        pairs={name: PairView(pair.near, pair.far, pair.share) for name, pair in file.pairs.items()},
        costs={venue: cost.taker for venue, cost in file.costs.items()},
        seats=tuple(_seat(seat) for seat in rulebook.all_seats()),
        signal=signal_facts(rulebook),
        sizes={},
    )
    return replace(view, sizes=_sizes(rulebook.seats_of("sizing"), view))


def _seat(seat: Seat) -> SeatView:
    return SeatView(seat.port, seat.use, seat.offer.component, seat.params, seat.path, seat.at)


def _sizes(seats: tuple[Seat, ...], view: FileView) -> Mapping[str, SizeFacts]:
    if not seats or view.signal is None:
        return {}
    found = asked(seats[0].offer.component, seats[0].use, seats[0].path, "sizes", seats[0].params, view)
    return found if isinstance(found, Mapping) else {}
