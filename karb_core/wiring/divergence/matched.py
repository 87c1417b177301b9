"""Which lot of one run is which lot of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karb_core.wiring.divergence.held import Held


@dataclass(frozen=True, slots=True)
class Matched:
    """Lots that both have, the run's first, and those that only one has; each in the order of their entries."""

    both: tuple[tuple[Held, Held], ...]
    only_run: tuple[Held, ...]
    only_backtest: tuple[Held, ...]


def matched(run: Sequence[Held], backtest: Sequence[Held], ended_ns: int) -> Matched:
    """By pair, side and tier: first those whose entries were decided at one moment, then, in order, those that were
    held at one time. Edge: of several that could be meant, the one that was entered first.
    """
    left, rest = list(backtest), list[Held]()
    both = []
    for mine in run:
        same = next((each for each in left if each.key == mine.key and each.entered_ns == mine.entered_ns), None)
        if same is None:
            rest.append(mine)
        else:
            left.remove(same)
            both.append((mine, same))
    only = []
    for mine in rest:
        same = next((each for each in left if each.key == mine.key and _at_once(each, mine, ended_ns)), None)
        if same is None:
            only.append(mine)
        else:
            left.remove(same)
            both.append((mine, same))
    both.sort(key=lambda pair: pair[0].entered_ns)
    return Matched(tuple(both), tuple(only), tuple(left))


def _at_once(one: Held, other: Held, ended_ns: int) -> bool:
    return max(one.entered_ns, other.entered_ns) < min(_end(one, ended_ns), _end(other, ended_ns))


def _end(held: Held, ended_ns: int) -> int:
    return ended_ns if held.left_ns is None else held.left_ns
