"""What a publisher of a rate is asked, and what it told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from karb_core.connection.typed_body import Unreadable
from karb_core.domain.market import FxKind

_AHEAD_NS = 60_000_000_000  # karb: constant because a time so far ahead of ours is none


@dataclass(frozen=True, slots=True)
class Told:
    """KRW per USD, and from when its publisher says that it is. Unit: ns of UTC."""

    rate: Decimal
    at_ns: int

    @classmethod
    def heard(cls, rate: Decimal, at_ns: int, received_ns: int) -> Self:
        """Errors: `Unreadable` for what is no price, and for a time ahead of ours: it would look fresh for too long."""
        if not rate > 0:
            raise Unreadable("it tells a rate that is not above zero")
        if at_ns > received_ns + _AHEAD_NS:
            raise Unreadable("its time is ahead of ours")
        return cls(rate, min(at_ns, received_ns))


@dataclass(frozen=True, slots=True)
class Question:
    """`target`: path and query. reads: what an answer tells, of one that was received at that time; oldest first, empty
    where it has nothing. Errors: `Unreadable` for what is not what the publisher's pages say."""

    target: str
    reads: Callable[[bytes, int], Iterable[Told]]


@dataclass(frozen=True, slots=True)
class Publisher:
    """latest: what to ask for the rate of now, one after the other until one has something; past: the same for what it
    was from a time to a time, all of them, none where nobody keeps it.

    headers: what every question carries beside what it asks.
    """

    source: str
    kind: FxKind
    latest: Callable[[int], Iterable[Question]]
    past: Callable[[int, int], Iterable[Question]] = lambda since_ns, until_ns: ()  # noqa: ARG005
    headers: tuple[tuple[str, str], ...] = ()
