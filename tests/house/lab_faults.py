"""A live strategy at local venues through every fault of the lab's catalogue, over real wires; what must hold, from the
venues' own books and from what arrived there.

`python -m tests.house.lab_faults --rounds 20` goes on for longer, each round with its faults on other legs, and
`--minutes 60` for an hour of wall time; then one process after the other is weighed too, and none may need more than a
tenth above the first.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs

from karb_core.ledger import reading
from tests.house.lab_stage import FAR, NEAR, RESUMED, LabStage, lab_stage

#: Every kind of the lab's catalogue, and that a venue is gone: each stands once in each round.
ORDERS = {NEAR: "/v1/orders", FAR: "/fapi/v1/order"}
#: Far enough for the largest tier, and near enough to leave it without anything to enter on the other side.
_HIGH, _LOW = "0.027", "0.002"
#: The file's `unhedged_for`, and what a look and an answer may take beyond it.
_UNHEDGED_MS = 10_000 + 2_000
#: An order of unknown fate holds its leg until it can arrive no more; then the next bar's close asks.
_ARRIVES_NS = 61_000_000_000
_UNKNOWN_MS = 240_000
_MOST_GROWTH = 1.1
#: The owner's own line: a fate that no answer told in time.
_BY_RULE = "/execution/on_unknown/then"
_CODES = {NEAR: "", FAR: "-1008"}


def a_round(stage: LabStage, turn: int) -> None:
    """In on both legs, through what may happen meanwhile, killed, and out on both legs."""
    first, other = (NEAR, FAR) if turn % 2 == 0 else (FAR, NEAR)
    with stage.run().warm() as life:
        _when_placing(stage, first, "lost_answer")
        _when_placing(stage, other, "partial", ratio="0.4")
        stage.fault(other, "latency", times=3, ms=300)
        stage.premium(_HIGH)
        stage.until_bars_close(lambda: len(stage.open_base()) >= 1 and is_even(stage))
        _while_open(stage, first, other)
        life.killed()
    need_even(stage)
    with stage.run().warm() as life:
        _when_placing(stage, first, "reject", code=_CODES[first])
        stage.fault(other, "lost_request", times=1, method="GET")
        stage.fault(first, "server_error", times=1, method="GET")
        stage.fault(other, "cut_answer", times=1, method="GET")
        stage.premium(_LOW)
        stage.until_bars_close(lambda: not stage.open_base() and is_even(stage))
        stage.premium("0")
        life.ended()
    need_even(stage)
    with stage.run().warm() as life:
        _lost_on_its_way(stage, first, _HIGH)
        stage.resume()
        stage.premium(_HIGH)
        stage.until_bars_close(lambda: len(stage.open_base()) >= 1 and is_even(stage))
        _lost_on_its_way(stage, other, _LOW)
        stage.resume()
        stage.premium(_LOW)
        stage.until_bars_close(lambda: not stage.open_base() and is_even(stage))
        stage.premium("0")
        life.ended()


def _lost_on_its_way(stage: LabStage, venue: str, premium: str) -> None:
    """An order never arrives there, and nobody says so: nothing is sent beside it before it can arrive no more."""
    _when_placing(stage, venue, "lost_request")
    stage.premium(premium)
    stage.until_bars_close(lambda: not stage.lab.venues[venue].faults.standing())
    stage.until_asked_for_long_enough()
    stage.leaps.leap(_ARRIVES_NS)
    stage.until_bars_close(lambda: is_even(stage) and stage.settled(), resting=False)


def _while_open(stage: LabStage, first: str, other: str) -> None:
    """With a lot open and nothing to do: streams miss a change and stall, a venue refuses, forbids, closes and is gone."""
    stage.fault(first, "gap", times=1)
    stage.fault(other, "too_many", times=1, method="GET")
    stage.fault(other, "silence")
    stage.a_bar_closes()
    _ends(stage, other, "silence")
    stage.fault(first, "maintenance")
    stage.a_bar_closes()
    _ends(stage, first, "maintenance")
    stage.tell(f"{other}/crash", {})
    stage.a_bar_closes()
    stage.tell(f"{other}/restore", {})
    stage.fault(first, "banned", times=1, method="GET")
    for _ in range(3):
        stage.a_bar_closes()


def _ends(stage: LabStage, venue: str, kind: str) -> None:
    """What was to happen so often has happened: only this one stands until it is ended."""
    assert [fault.kind for fault in stage.lab.venues[venue].faults.standing()] == [kind]
    stage.tell(f"{venue}/faults", method="DELETE")


def _when_placing(stage: LabStage, venue: str, kind: str, **more: object) -> None:
    of = {} if kind == "partial" else {"method": "POST", "path": ORDERS[venue]}
    stage.fault(venue, kind, times=1, **of, **more)


def is_even(stage: LabStage) -> bool:
    return {coin: -amount for coin, amount in stage.near_base().items()} == stage.open_base()


def need_even(stage: LabStage) -> None:
    assert is_even(stage), (stage.near_base(), stage.open_base())


def order_ids(stage: LabStage, venue: str) -> Iterator[str]:
    """Of every order that arrived, whatever became of it."""
    for one in stage.tell(f"{venue}/arrived", method="GET"):
        if one["method"] == "POST" and one["path"] == ORDERS[venue]:
            asked = one["asked"]
            yield json.loads(asked)["identifier"] if venue == NEAR else parse_qs(asked)["newClientOrderId"][0]


def need_invariants(stage: LabStage, turns: int) -> None:
    """No id was sent twice; what arrived had been written; nothing stood alone for longer than the owner allows, but where
    an order was lost on its way, twice in each turn."""
    arrived = [order_id for venue in (NEAR, FAR) for order_id in order_ids(stage, venue)]
    assert [order_id for order_id, times in Counter(arrived).items() if times > 1] == []
    ledger = stage.read()
    try:
        whose = reading.Whose(next(each.run.account for each in reading.lived(ledger)))
        written = {order.id for order, _ in reading.orders(ledger, whose)}
        halts = [halted.reason for halted in reading.halts(ledger, whose)]
    finally:
        ledger.close()
    assert set(arrived) <= written
    assert set(halts) <= {_BY_RULE, RESUMED}, halts
    spans = sorted(alone_ms(stage))
    lost = 2 * turns
    assert max(spans[: len(spans) - lost], default=0) <= _UNHEDGED_MS, spans
    assert max(spans, default=0) <= _UNKNOWN_MS, spans


def alone_ms(stage: LabStage) -> list[int]:
    """For how long each time one leg stood alone, by the venues' fills, coin by coin."""
    moves: list[tuple[int, str, Decimal]] = []
    for venue in (NEAR, FAR):
        for fill in stage.booked(venue)["fills"]:
            coin = fill["instrument"].split()[1].partition("/")[0]
            moves.append((fill["at_ms"], coin, Decimal(fill["amount"]) * (1 if fill["side"] == "buy" else -1)))
    net: Counter[str] = Counter()
    since: dict[str, int] = {}
    spans = []
    for at_ms, coin, amount in sorted(moves):
        net[coin] += amount  # type: ignore[assignment]
        if net[coin]:
            since.setdefault(coin, at_ms)
        elif coin in since:
            spans.append(at_ms - since.pop(coin))
    assert not since, f"stands alone at the end: {dict(net)}"
    return spans


def rounds(folder: Path, count: int) -> Iterator[LabStage]:
    """The same lab, account and ledger all the way; each round told when it was held to everything."""
    with lab_stage(folder) as stage:
        for turn in range(count):
            a_round(stage, turn)
            need_even(stage)
            need_invariants(stage, turn + 1)
            stage.need_same_books()
            yield stage


def main() -> int:
    parser = argparse.ArgumentParser(description="a live strategy through every fault of the lab, again and again")
    parser.add_argument("--rounds", type=int, default=None)
    parser.add_argument("--minutes", type=float, default=None)
    asked = parser.parse_args()
    ends = math.inf if asked.minutes is None else time.monotonic() + 60 * asked.minutes
    count = asked.rounds or (20 if asked.minutes is None else sys.maxsize)
    with tempfile.TemporaryDirectory() as folder:
        for turn, stage in enumerate(rounds(Path(folder), count), 1):
            alone, weighed = max(alone_ms(stage), default=0), [life.weighed_kb for life in stage.lives[2::3]]
            told = f"{stage.fills()} fills, one leg alone for {alone} ms at most, {weighed[-1]} kB"
            sys.stdout.write(f"round {turn}: {told}\n")
            sys.stdout.flush()
            if weighed[-1] > _MOST_GROWTH * weighed[0]:
                sys.stdout.write(f"it needs more and more: {weighed}\n")
                return 1
            if time.monotonic() >= ends:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
