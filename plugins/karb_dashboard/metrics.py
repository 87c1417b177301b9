"""What Prometheus reads: one look at the house in its words, and what the machine says of itself.

Floats, for they are looked at and never traded by; whoever wants a digit asks the API or the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from karb_dashboard.seen import Seen, Watching

CONTENT = "text/plain; version=0.0.4; charset=utf-8"
_FAILED = ("rejected", "unknown")
_QUANTILES = (0.5, 0.99)  # karb: constant because it names what is shown of many answers
_NS = 1_000_000_000  # karb: constant because a second has so many nanoseconds
_MS = 1000  # karb: constant because a second has so many milliseconds


class Metrics:
    """`text` is made anew at each call, of what was seen last."""

    def __init__(self, watching: Watching, folder: Path) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_House(watching))
        self._registry.register(_Host(folder))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _House(Collector):
    def __init__(self, watching: Watching) -> None:
        self._watching = watching

    def collect(self) -> Iterable[Metric]:
        seen, now_ns = self._watching.seen, self._watching.house.now_ns()
        yield _one(
            "karb_books_unread", "1 where the ledger could not be read at the last look", float(bool(seen.unread))
        )
        yield from _market(seen, datetime.fromtimestamp(now_ns / _NS).astimezone())
        yield from _accounts(seen)
        yield from _books(seen)
        yield from _orders(seen)
        downs = CounterMetricFamily(
            "karb_reconnects", "how often a venue came back after it was down", labels=["venue"]
        )
        for venue, times in self._watching.returns.counted.items():
            downs.add_metric([venue], times)
        yield downs


class _Host(Collector):
    """Processor, memory and disk of the machine; `folder` says which disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        memory, disk = psutil.virtual_memory(), psutil.disk_usage(str(self._folder))
        yield _one("karb_host_cpu_ratio", "of all cores, since the last look", psutil.cpu_percent() / 100)
        yield _one("karb_host_memory_available_bytes", "memory that is free to be used", memory.available)
        yield _one("karb_host_memory_total_bytes", "memory", memory.total)
        yield _one("karb_host_disk_free_bytes", "free where karb writes", disk.free)
        yield _one("karb_host_disk_total_bytes", "the disk where karb writes", disk.total)


def _market(seen: Seen, now: datetime) -> Iterator[Metric]:
    by = ["strategy", "pair"]
    premium = GaugeMetricFamily("karb_premium_ratio", "near / (far x rate) - 1, at the middles", labels=[*by, "rate"])
    z = GaugeMetricFamily("karb_z", "deviations from the mean at the last row, where the signal tells them", labels=by)
    warm = GaugeMetricFamily("karb_warm", "1 where everything that the signal looks back on is there", labels=by)
    silent = GaugeMetricFamily(
        "karb_stream_silent_seconds", "since a leg's last price came", labels=["venue", "instrument"]
    )
    priced = GaugeMetricFamily("karb_leg_priced", "1 where a leg had a price ever", labels=["venue", "instrument"])
    rates = GaugeMetricFamily("karb_rate_age_seconds", "by the source's own clock", labels=["seat", "source"])
    down = GaugeMetricFamily("karb_venue_down", "1 where a venue is not up", labels=["venue"])
    legs: dict[tuple[str, str], Any] = {}
    seats: dict[tuple[str, str], float] = {}
    for told in seen.markets:
        where = [str(told["strategy"]), str(told["pair"])]
        for rate, found in _dict(told["premium"]).items():
            if found is not None:
                premium.add_metric([*where, rate], float(found))
        judged = told["judged"]
        if isinstance(judged, dict) and "z" in judged["seen"]:
            z.add_metric(where, float(judged["seen"]["z"]))
        warm.add_metric(where, float(bool(told["warm"])))
        legs |= {(leg["venue"], f"{leg['base']}/{leg['quote']}"): leg for leg in _list(told["legs"])}
        seats |= {(seat, one["source"]): one["age_ms"] / _MS for seat, one in _dict(told["rates"]).items()}
    for name, leg in legs.items():
        priced.add_metric(name, float(leg["top"] is not None))
        if leg["top"] is not None:
            silent.add_metric(name, (now - _at(leg["top"]["received_at"])).total_seconds())
    for venue in dict.fromkeys(venue for venue, _ in legs):
        states = [state for (of, _), leg in legs.items() if of == venue for state in leg["status"]]
        down.add_metric([venue], float(any(state != "up" for state in states)))
    for seat, age_s in seats.items():
        rates.add_metric(seat, age_s)
    yield from (premium, z, warm, silent, priced, rates, down)


def _accounts(seen: Seen) -> Iterator[Metric]:
    by = ["account", "venue", "asset"]
    free = GaugeMetricFamily("karb_balance_free", "free at the venue, as it said last", labels=by)
    line = GaugeMetricFamily("karb_balance_line", "below which the owner wants to hear of it", labels=by)
    for told in seen.accounts:
        where = [str(told[name]) for name in by]
        free.add_metric(where, float(str(told["free"])))
        for low in sorted(map(str, _list(told["lines"])), key=Decimal)[-1:]:
            line.add_metric(where, float(low))
    yield from (free, line)


def _books(seen: Seen) -> Iterator[Metric]:
    lots = GaugeMetricFamily("karb_open_lots", "lots that are open", labels=["account", "pair"])
    net = GaugeMetricFamily("karb_net", "what closed lots came to", labels=["account", "asset"])
    fall = GaugeMetricFamily("karb_drawdown", "the deepest fall below the highest result", labels=["account", "asset"])
    closed = CounterMetricFamily("karb_lots_closed", "closed lots", labels=["account", "asset"])
    won = CounterMetricFamily("karb_lots_won", "those that won", labels=["account", "asset"])
    refused = CounterMetricFamily("karb_refusals", "refusals by the line that refused", labels=["account", "rule"])
    made = CounterMetricFamily("karb_decisions", "decisions by kind", labels=["account", "kind"])
    halted = GaugeMetricFamily("karb_halted", "reasons that halt it", labels=["account", "strategy", "strength"])
    running = GaugeMetricFamily("karb_desk_running", "1 where a desk holds the account", labels=["account"])
    for book in seen.books:
        account, stats, status = str(book["account"]), _dict(book["stats"]), _dict(book["status"])
        open_ = Counter(lot["pair"] for lot in _list(_dict(book["positions"])["lots"]))
        for strategy in status["strategies"]:
            for pair in strategy["pairs"]:
                lots.add_metric([account, pair["pair"]], open_[pair["pair"]])
            for strength in ("no-entries", "reduce-only", "flatten"):
                count = sum(each["strength"] == strength for each in strategy["halted"])
                halted.add_metric([account, strategy["strategy"], strength], count)
        running.add_metric([account], float(status["desk"]["state"] == "running"))
        for asset, booked in stats["booked"].items():
            net.add_metric([account, asset], _amount(booked["net"]))
            fall.add_metric([account, asset], _amount(booked["drawdown"]))
            closed.add_metric([account, asset], booked["lots"])
            won.add_metric([account, asset], booked["won"])
        for rule, times in stats["refused_by"].items():
            refused.add_metric([account, rule], times)
        for kind, times in stats["decided"].items():
            made.add_metric([account, kind], times)
    yield from (lots, net, fall, closed, won, refused, made, halted, running)


def _orders(seen: Seen) -> Iterator[Metric]:
    """Of the latest orders, the newest first: how many failed before one did not, and how long answers took."""
    failed = GaugeMetricFamily(
        "karb_order_failures_in_a_row", "the latest orders that were rejected or unknown", labels=["account"]
    )
    took = GaugeMetricFamily(
        "karb_order_answer_seconds", "from writing an order to its last answer", labels=["account", "quantile"]
    )
    for book in seen.books:
        account, orders = str(book["account"]), _list(book["orders"])
        answered = [order for order in orders if order["answer"] != "none"]
        row = next((i for i, order in enumerate(answered) if order["answer"] not in _FAILED), len(answered))
        failed.add_metric([account], row)
        times = sorted((_at(o["answered_at"]) - _at(o["at"])).total_seconds() for o in answered if o["answered_at"])
        for quantile in _QUANTILES if times else ():
            took.add_metric([account, f"{quantile:g}"], times[int(quantile * (len(times) - 1))])
    yield from (failed, took)


def _one(name: str, about: str, value: float) -> Metric:
    found = GaugeMetricFamily(name, about)
    found.add_metric([], value)
    return found


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _amount(told: str) -> float:
    return float(Decimal(told.split()[0]))


def _dict(value: object) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value


def _list(value: object) -> list[Any]:
    assert isinstance(value, list)
    return value
