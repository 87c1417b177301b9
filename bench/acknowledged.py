"""From a decision to the later leg's acknowledgement, live at local venues: twenty pairs, 50 ms more on every answer.

    python bench/acknowledged.py [--pairs 20] [--bars 14] [--latency 50] [--most 500]

The shipped three-tier strategy, its window and bars shortened, trades that many pairs at the lab as a process of its own, by karb's own
adapters over real sockets; every answer of both venues waits for `--latency` ms. Each bar pulls the premium of three pairs out, and
later back, so that entries and exits fall among books, marks and candles of all of them. Figures are those of the ledger: the time of
the input that was judged, and of the later leg's first answer. Exits 1 where the 99th percentile is over `--most` ms, or where fewer
than one plan a pair was carried out. Times of wall: only an idle machine's figures are worth keeping.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from karb_core.ledger import reading
from karb_core.wiring.leg_times import IntentTimes, leg_times
from tests.house.lab_stage import FAR, NEAR, LabStage, lab_stage
from tests.wiring.tiny import Edit

COINS = (
    "BTC", "ETH", "XRP", "SOL", "DOGE", "ADA", "TRX", "LINK", "AVAX", "DOT",
    "BCH", "ETC", "XLM", "HBAR", "SUI", "APT", "NEAR", "ATOM", "ALGO", "AAVE",
)  # fmt: skip
_KNOWN = {"BTC": "0.25", "ETH": "7.5", "XRP": "10,500"}
_AT_ONCE = 3
_OUT, _BACK = "0.027", "0.002"
_NS = 1_000_000
_SAID = 20


def edits(coins: tuple[str, ...]) -> tuple[Edit, ...]:
    """As many pairs, each with a share of its own and one lot of it."""
    held = "".join(f"    - {_KNOWN.get(coin, '1,000')} {coin}\n" for coin in coins)
    share = f"{90 / len(coins):.1f}%"
    pairs = "".join(
        f"  {coin}: {{near: upbit {coin}/KRW, far: binance_usdm {coin}/USDT, share: {share}}}\n" for coin in coins
    )
    three = "    - 0.25 BTC\n    - 7.5 ETH\n    - 10,500 XRP\n"
    one = "{size: 90%, split: none}"
    return (
        (f"    - 45,000,000 KRW\n{three}", f"    - 90,000,000 KRW\n{held}"),
        (f"{three}pairs:", f"{held}pairs:"),
        ("    - 31,000 USDT\n", "    - 62,000 USDT\n"),
        ("  BTC: {near: upbit BTC/KRW, far: binance_usdm BTC/USDT, share: 40%}\n", pairs),
        ("  ETH: {near: upbit ETH/KRW, far: binance_usdm ETH/USDT, share: 35%}\n", ""),
        ("  XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 25%}\n", ""),
        ("    of: capital\n    counts", "    of: pair_share\n    counts"),
        ("{size: 15%, split: {clips: [40%, 35%, 25%], next: 0.3%}}", one),
        ("{size: 20%, split: none}", one),
        ("{size: 40%, split: none, over_share: true}", one),
    )


def acknowledged_ms(stage: LabStage) -> list[float]:
    """Of every plan whose legs were answered."""
    ledger = stage.read()
    try:
        (account,) = {each.run.account for each in reading.lived(ledger) if each.run.mode == "live"}
        whose = reading.Whose(account)
        times = leg_times(ledger, whose, list(reading.decisions(ledger, whose)))
        return [took / _NS for each in times.values() if (took := _took_ns(each)) is not None]
    finally:
        ledger.close()


def _took_ns(plan: IntentTimes) -> int | None:
    answered = [leg.answered_ns for leg in plan.legs]
    if len(answered) < 2 or None in answered:
        return None
    return max(each for each in answered if each is not None) - min(leg.written_ns for leg in plan.legs)


def main(pairs: int, bars: int, latency_ms: int, most_ms: float) -> int:
    coins = COINS[:pairs]
    with tempfile.TemporaryDirectory() as folder, lab_stage(Path(folder), *edits(coins)) as stage:
        stage.premium("0", *coins)
        with stage.run().warm() as life:
            for venue in (NEAR, FAR):
                stage.fault(venue, "latency", ms=latency_ms)
            turns = [(premium, coin) for premium in (_OUT, _BACK) for coin in coins]
            pulled = cycle(turns)
            for _ in range(bars):
                for premium, coin in islice(pulled, _AT_ONCE):
                    stage.premium(premium, coin)
                stage.a_bar_closes()
            life.killed()
        took = sorted(acknowledged_ms(stage))
    if not took:
        print("nothing was carried out", *life.lines[-_SAID:], sep="\n")
        return 1
    p99 = took[max(0, -(-99 * len(took) // 100) - 1)]
    print(
        f"{len(took)} plans of {pairs} pairs, +{latency_ms} ms: median {median(took):.0f} ms, p99 {p99:.0f} ms, worst {took[-1]:.0f} ms"
    )
    return int(p99 > most_ms or len(took) < pairs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--bars", type=int, default=14)
    parser.add_argument("--latency", type=int, default=50)
    parser.add_argument("--most", type=float, default=500.0)
    asked = parser.parse_args()
    raise SystemExit(main(asked.pairs, asked.bars, asked.latency, asked.most))
