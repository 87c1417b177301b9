"""Points carried out by the cores of this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

from karb_core.errors import KarbError
from karb_core.ports.points import Changes
from karb_core.texts.text import Text
from karb_core.wiring.carrying import Done, Stretch, Told, carried, carry
from karb_core.wiring.crew import Crew, interrupts_put_off, usable
from karb_core.wiring.point_carrier import PointCarrier

_AT_A_TIME_S = 0.4  # karb: constant because it says how long a process works before it tells of it
_MOST = 64  # karb: constant because it bounds how many points a process is handed at a time
_LEAST_EACH = 2  # karb: constant because a process of its own for less is not worth its start
_AHEAD = 2  # karb: constant because it says how many tasks wait for each process

T = TypeVar("T")


def over_cores(
    cores: int | None, carrier: PointCarrier, points: Sequence[Changes], told: Told[T], crew: Crew
) -> Iterator[tuple[int, T]]:
    """`cores`: processes, as many as this one may run on where None. This one is the first of them; the others are the crew's,
    and stay with it. Errors: KarbError where the system ended one of them.
    """
    wanted = min(usable() if cores is None else cores, -(-len(points) // _LEAST_EACH))
    if wanted <= 1:
        crew.dismiss()
        for at, changes in enumerate(points):
            yield at, told(carrier.result(changes))
        return
    others = wanted - 1
    try:
        yield from _handed_out(crew, others, list(enumerate(points)), carrier, told)
    except BrokenProcessPool as e:
        crew.end()
        raise KarbError(Text("points.killed"), Text("points.killed.help")) from e
    except BaseException:
        crew.end()
        raise


def _handed_out(
    crew: Crew, others: int, points: list[tuple[int, Changes]], carrier: PointCarrier, told: Told[Any]
) -> Iterator[tuple[int, Any]]:
    """Neighbours stay together, as many as are done in a while: they have the most in common. The pool begins with the
    first, this process with the last, and works while the others start."""
    waiting: set[Future[Done]] = set()
    parts, stretch, pool = _Parts(points), Stretch.of(carrier), crew.pool(others)
    crew.is_asked()
    while waiting or parts.left:
        with interrupts_put_off():
            while parts.left and len(waiting) < others * _AHEAD:
                waiting.add(pool.submit(carried, stretch, parts.next(), told))
        here = [carry(parts.last(), carrier, told)] if parts.left else []
        done, waiting = wait(waiting, None if not here else 0, FIRST_COMPLETED)
        for spent_s, came in (*here, *(future.result() for future in done)):
            parts.heard(len(came), spent_s)
            yield from came


@dataclass(slots=True)
class _Parts:
    """What is still to be handed out, in parts by the pace of the last one."""

    points: list[tuple[int, Changes]]
    _first: int = 0  # karb: constant because nothing was handed out yet
    _each: int = 1  # karb: constant because nothing is known of the pace yet

    @property
    def left(self) -> bool:
        return self._first < len(self.points)

    def next(self) -> list[tuple[int, Changes]]:
        part = self.points[self._first : self._first + self._each]
        self._first += len(part)
        return part

    def last(self) -> list[tuple[int, Changes]]:
        """From the other end."""
        part = self.points[self._first :][-self._each :]
        del self.points[len(self.points) - len(part) :]
        return part

    def heard(self, count: int, spent_s: float) -> None:
        """Grows to twice of itself at the most: one slow point says little of the others."""
        fitting = int(count * _AT_A_TIME_S / spent_s) if spent_s else _MOST
        self._each = max(1, min(fitting, 2 * self._each, _MOST))
