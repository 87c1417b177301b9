"""Many bad days, over all cores: what was broken, and how often each fault befell each phase."""

from __future__ import annotations

import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from karb_core.ledger.ledger import open_ledger
from tests.chaos.drawn import Drawn, draw
from tests.chaos.episode import Ended, Episode
from tests.chaos.faults import Fault
from tests.chaos.places import START
from tests.chaos.process import Phase

_A_LEDGER = 200


@dataclass(slots=True)
class Tally:
    """`failed`: by seed, what broke. `attempted`: episodes in which an entry was at least judged."""

    episodes: int = 0
    attempted: int = 0
    orders: int = 0
    worst_unhedged_ns: int = 0
    befell: Counter[tuple[Fault, Phase]] = field(default_factory=Counter)
    failed: dict[int, str] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        self.episodes += other.episodes
        self.attempted += other.attempted
        self.orders += other.orders
        self.worst_unhedged_ns = max(self.worst_unhedged_ns, other.worst_unhedged_ns)
        self.befell += other.befell
        self.failed |= other.failed


def campaign(first: int, episodes: int, workers: int | None = None, told: Callable[[str], None] | None = None) -> Tally:
    """Every seed from `first` on, each once."""
    begun, tally, cores = time.monotonic(), Tally(), workers or os.cpu_count() or 1
    parts = [range(at, min(at + _A_LEDGER, first + episodes)) for at in range(first, first + episodes, _A_LEDGER)]
    if cores == 1:
        for part in parts:
            tally.add(_part(part))
        return tally
    with ProcessPoolExecutor(cores) as pool:
        for n, done in enumerate(pool.map(_part, parts), 1):
            tally.add(done)
            for seed, why in done.failed.items() if told is not None else ():
                told(f"seed {seed}: {why}")
            if told is not None and n % 50 == 0:
                told(f"{tally.episodes:,} episodes, {len(tally.failed)} failed, {time.monotonic() - begun:.0f} s")
    return tally


def one(seed: int, folder: Path, drawn: Drawn | None = None) -> Ended:
    ledger = open_ledger(folder / f"{seed}.sqlite")
    try:
        return Episode(drawn or draw(seed), ledger, f"e{seed}").run()
    finally:
        ledger.close()


def story(ended: Ended) -> list[str]:
    """What happened, a line each, in seconds from the start."""
    return [f"{(at_ns - START) / 1e9:9.3f}  {told}" for at_ns, told in ended.story]


def table(befell: Counter[tuple[Fault, Phase]]) -> list[str]:
    """Fault by phase. `·`: it cannot be met there; `0`: it could, and was not."""
    faults = sorted({fault for fault, _ in befell})
    lines = [f"{'':28}" + "".join(f"{phase.value:>14}" for phase in Phase)]
    for fault in faults:
        cells = [befell[fault, phase] or ("·" if (fault, phase) in IMPOSSIBLE else 0) for phase in Phase]
        lines.append(f"{fault.value:28}" + "".join(f"{cell:>14}" for cell in cells))
    return lines


def empty(befell: Counter[tuple[Fault, Phase]], faults: Iterable[Fault]) -> list[tuple[Fault, Phase]]:
    """Cells that could have been met and were not."""
    return [(f, p) for f in faults for p in Phase if not befell[f, p] and (f, p) not in IMPOSSIBLE]


#: Nothing is open that a venue could close before anything was placed; nothing rests that could be cancelled; balances
#: are asked before something is decided, and not while it is carried out.
IMPOSSIBLE = {
    *((fault, Phase.BEFORE_PLACE) for fault in (Fault.DELEVERAGING, Fault.LIQUIDATION, Fault.SETTLEMENT)),
    *((Fault.CANCEL_LOST, phase) for phase in (Phase.BEFORE_PLACE, Phase.AT_REST)),
    *((Fault.BALANCES_LAG, phase) for phase in Phase if phase not in (Phase.BEFORE_PLACE, Phase.AT_REST)),
}


def _part(seeds: range) -> Tally:
    tally = Tally()
    # In memory where there is such a place: what is tried is the engine, and not the disk.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        ledger = open_ledger(Path(folder) / "ledger.sqlite")
        for seed in seeds:
            tally.episodes += 1
            try:
                ended = Episode(draw(seed), ledger, f"e{seed}").run()
            except Exception as e:  # noqa: BLE001 - whatever an episode ends with is a finding of its seed
                tally.failed[seed] = "".join(traceback.format_exception(e)[-3:])
                continue
            tally.attempted += bool(ended.attempts)
            tally.orders += ended.orders
            tally.worst_unhedged_ns = max(tally.worst_unhedged_ns, ended.worst_unhedged_ns)
            tally.befell += ended.befell
            if ended.broken:
                tally.failed[seed] = "; ".join(f"{b.which} {b.what}" for b in ended.broken[:3])
        ledger.close()
    return tally
