"""Bad days by the thousand: the whole desk, in virtual time, against venues that hold the truth. Exits 1 on a finding.

    python bench/bad_days.py --episodes 100000         the campaign, over all cores: so many days with an attempt
    python bench/bad_days.py --seed 67                 one episode: its story, and what it broke

An episode follows from its seed alone. It has at least one attempt to enter and at least three faults; what must hold
is asked of the venues' truth, never of karb's own books (tests/chaos/invariants.py). At the end stands how often each
fault befell the desk in each phase of an intent.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.chaos.campaign import campaign, empty, one, story, table


def main() -> int:
    options = argparse.ArgumentParser(description="Bad days by the thousand.")
    options.add_argument("--episodes", type=int, default=1000)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--workers", type=int, default=None)
    options.add_argument("--seed", type=int, default=None)
    given = options.parse_args()
    return _one(given.seed) if given.seed is not None else _many(given.first, given.episodes, given.workers)


def _one(seed: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        ended = one(seed, Path(folder))
    print(ended.drawn, *story(ended), sep="\n")
    for broken in ended.broken[:20]:
        print(f"BROKEN {broken.which}: {broken.what}")
    return int(bool(ended.broken))


def _many(first: int, episodes: int, workers: int | None) -> int:
    begun = time.monotonic()
    # A day on which a fault keeps karb from trying at all is a day, and does not count as one with an attempt.
    tally = campaign(first, episodes + episodes // 33, workers, lambda said: print(said, flush=True))
    print(*table(tally.befell), sep="\n")
    for seed, why in list(tally.failed.items())[:50]:
        print(f"seed {seed}: {why}")
    left = empty(tally.befell, {fault for fault, _ in tally.befell})
    for fault, phase in left:
        print(f"never met: {fault.value}, {phase.value}")
    print(
        f"{tally.episodes:,} episodes ({tally.attempted:,} with an attempt to enter), {tally.orders:,} orders, "
        f"{sum(tally.befell.values()):,} faults, {len(tally.failed)} failed, worst unhedged without an excuse "
        f"{tally.worst_unhedged_ns / 1e9:.1f} s, {time.monotonic() - begun:.0f} s"
    )
    missed = tally.failed or left or tally.attempted < episodes
    print("missed" if missed else "ok")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
