"""Every boundary of a script, or some of each kind: killed there, started again, held against the script played whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from karb_core.ledger.check import check
from karb_core.ledger.ledger import Ledger
from tests.chaos.killed.play import Ended, play
from tests.chaos.killed.script import SCRIPTS


@dataclass(frozen=True, slots=True)
class Survived:
    """`kills`: the boundary at which each life ended, counted from 1, and `where` those are; `differs`: nothing is fine."""

    kills: tuple[int, ...]
    where: tuple[str, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """One script over one ledger, each time with books of its own."""

    name: str
    ledger: Ledger
    where: str

    def whole(self) -> Ended:
        """Played without a kill. Errors: AssertionError if that alone breaks what must hold."""
        ended = self._play(())
        assert not ended.broken, ended.broken
        return ended

    def killed(self, kills: tuple[int, ...], whole: Ended) -> Survived:
        ended = self._play(kills)
        return Survived(kills, ended.killed, tuple(ended.differs(whole, one_way=SCRIPTS[self.name].one_way)))

    def _play(self, kills: tuple[int, ...]) -> Ended:
        return play(self.name, self.ledger, self.where, f"{self.name} {kills}", kills)


def everywhere(passed: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Once at each boundary, and after it once more: at a boundary of the second life that wanders with the first."""
    for at in range(1, len(passed) + 1):
        yield (at,)
        # karb survives a kill while it recovers: the first dozen boundaries of a life that finds something to finish
        yield at, 1 + at * 5 % 12


def spread(passed: Sequence[str], turn: int) -> Iterator[tuple[int, ...]]:
    """Once at every other kind of boundary, once when a moment has come to its end and is judged again, and once twice;
    another `turn` takes other ones.
    """
    chosen: list[tuple[int, ...]] = []
    for kind in every_other(passed, turn):
        of_kind = [at for at, where in enumerate(passed, 1) if where == kind]
        chosen.append((of_kind[turn * 3 % len(of_kind)],))
    chosen += [(_ends(passed)[-1],), (5 + turn * 3 % (len(passed) // 2), 1 + turn * 5 % 7)]
    yield from dict.fromkeys(chosen)


def every_other(passed: Sequence[str], turn: int) -> list[str]:
    """The kinds of boundaries that are taken in turn: two scripts one after the other take all."""
    return list(dict.fromkeys(passed))[turn % 2 :: 2]


def _ends(passed: Sequence[str]) -> list[int]:
    """Where a moment's last commit is made, and nothing is sent before the next moment's first one."""
    pairs = enumerate(pairwise(passed), 1)
    return [at for at, (where, following) in pairs if (where, following) == ("after commit", "before commit")]


def unproven(ledger: Ledger) -> list[str]:
    """What breaks a ledger's own check."""
    return [f"{proved.name}: {proved.broken[:3]}" for proved in check(ledger) if proved.broken]
