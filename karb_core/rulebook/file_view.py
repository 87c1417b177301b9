"""What reviews and components' own reviews look at: the file in the words of the ports."""

from __future__ import annotations

from collections.abc import Mapping

from karb_core.ports import FileView, PairView, SeatView, SignalFacts, SizeFacts
from karb_core.rulebook.asking import asked
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rulebook import Rulebook


def file_view(rulebook: Rulebook) -> FileView:
    """Facts that the signal and the sizing state about themselves are asked for here, once.

    Errors: ComponentRaised, naming the one that could not say.
    """
    file = rulebook.file
    signal = _signal(rulebook.seats_of("signal"))
    return FileView(
        mode=file.mode,
        capital=file.capital,
        reserve=file.reserve,
        pairs={name: PairView(pair.near, pair.far, pair.share) for name, pair in file.pairs.items()},
        costs={venue: cost.taker for venue, cost in file.costs.items()},
        seats=tuple(_seat(seat) for seat in rulebook.all_seats()),
        signal=signal,
        sizes=_sizes(rulebook.seats_of("sizing"), signal),
    )


def _seat(seat: Seat) -> SeatView:
    return SeatView(seat.port, seat.use, seat.offer.component, seat.params, seat.path, seat.at)


def _signal(seats: tuple[Seat, ...]) -> SignalFacts | None:
    found = _asked(seats[0], "facts") if seats else None
    return found if isinstance(found, SignalFacts) else None


def _sizes(seats: tuple[Seat, ...], signal: SignalFacts | None) -> Mapping[str, SizeFacts]:
    found = _asked(seats[0], "sizes", tuple(signal.tiers)) if seats and signal is not None else None
    return found if isinstance(found, Mapping) else {}


def _asked(seat: Seat, name: str, *more: object) -> object:
    return asked(seat.offer.component, seat.use, seat.path, name, seat.params, *more)
