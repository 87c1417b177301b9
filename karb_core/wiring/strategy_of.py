"""Builds a strategy from its rulebook: components constructed, rules turned into what the desk works with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.engine.leg_rules import LadderRung, LegRules, Rung
from karb_core.engine.strategy import GateSeat, RateRule, Strategy
from karb_core.errors import PluginUnusable, StrategyInvalid
from karb_core.ports import FxSource, Mode, PairTerms, Reads, Stage, Terms
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.sections import TimedBand
from karb_core.rulebook.signal_facts import signal_facts
from karb_core.rulebook.unsimulated import unsimulated
from karb_core.texts.text import Text
from karb_core.wiring.cites import Cites
from karb_core.wiring.shown_in import need_shown


def strategy_of(rulebook: Rulebook, facts: Mapping[Instrument, InstrumentFacts]) -> Strategy:
    """The strategy as the desk carries it out. Errors: PluginUnusable for a component that cannot be constructed."""
    cites = Cites(rulebook)
    signal, sizing = rulebook.seats_of("signal")[0], rulebook.seats_of("sizing")[0]
    return Strategy(
        terms=_terms(rulebook, facts),
        signal=built(signal),
        signal_cite=cites.of_seat(signal),
        sizing=built(sizing),
        sizing_cite=cites.of_seat(sizing),
        gates=tuple(_gate(seat, cites) for seat in rulebook.seats_of("risk_gates")),
        rates=tuple(_rate(seat, cites) for seat in rulebook.seats_of("fx_source")),
        legs=_leg_rules(rulebook, cites),
        file_cite=cites.of_file,
    )


def built(seat: Seat) -> Any:
    """The component, constructed from its parameters; one that names others in them is given those too, in the file's order.

    Errors: PluginUnusable, in one sentence, if it raises.
    """
    inner = [built(each) for each in seat.inner]
    try:
        return seat.offer.component(seat.params, inner) if inner else seat.offer.component(seat.params)
    except Exception as e:
        said = Text("run.not_built", {"use": seat.use, "kind": type(e).__name__, "message": str(e)[:200]})
        raise PluginUnusable(said) from e


def need_runnable(rulebook: Rulebook, mode: Mode, *, tells: bool = True) -> None:
    """`tells`: whether notifiers are asked. Errors: PluginUnusable, naming each component whose behaviour this release does
    not have in this mode; StrategyInvalid for what the mode's simulation cannot honour.
    """
    for _, said in unsimulated(rulebook, mode):
        raise StrategyInvalid(said, Text("mode.margin.help"))
    taking_part = (seat for seat in _taking_part(rulebook, mode) if tells or seat.path[0] != "notifiers")
    missing = sorted({seat.use for seat in taking_part if not _runs(seat, mode)})
    if missing:
        raise PluginUnusable(
            Text("run.announced", {"uses": ", ".join(missing), "mode": mode}), Text("run.announced.help")
        )
    rows = built(rulebook.seats_of("signal")[0]).rows()
    need_shown([(seat, Reads.of([built(seat)])) for seat in rulebook.seats_of("risk_gates")], rows, mode)


def _taking_part(rulebook: Rulebook, mode: Mode) -> Iterator[Seat]:
    """Outside live the simulation takes the executors' place, in a backtest the dataset the feeds'."""
    for seat in rulebook.all_seats():
        section = seat.path[0]
        if section == "simulate":
            if seat.path[1] == mode:
                yield seat
        elif not (section == "executors" and mode != "live") and not (section == "feeds" and mode == "backtest"):
            yield seat


def _runs(seat: Seat, mode: Mode) -> bool:
    replayed = mode == "backtest" and getattr(seat.offer.component, "replayed", False)
    return seat.offer.stage is not Stage.ANNOUNCED or bool(replayed)


def _terms(rulebook: Rulebook, facts: Mapping[Instrument, InstrumentFacts]) -> Terms:
    file = rulebook.file
    return Terms(
        strategy=file.name,
        rules_digest=rulebook.digests.rules,
        capital=file.capital,
        reserve=file.reserve,
        pairs={name: PairTerms(name, (pair.near, pair.far), pair.share) for name, pair in file.pairs.items()},
        costs={venue: cost.taker for venue, cost in file.costs.items()},
        leverage=_leverage(rulebook),
        facts=facts,
        funds=_funds(rulebook),
        stop_loss=_stop_loss(rulebook),
    )


def _stop_loss(rulebook: Rulebook) -> Decimal | None:
    signal = signal_facts(rulebook)
    return signal.exit.stop_loss if signal is not None else None


def _funds(rulebook: Rulebook) -> dict[Account, Decimal] | None:
    if rulebook.file.funds is None:
        return None
    out: dict[Account, Decimal] = {}
    for venue, amounts in rulebook.file.funds.items():
        for amount in amounts:
            account = Account(venue, amount.asset)
            out[account] = exact.add(out.get(account, Decimal(0)), amount.value)
    return out


def _leverage(rulebook: Rulebook) -> dict[str, Decimal]:
    """By venue of a leg: what the file states for it, 1 where the venue's executor knows no leverage (spot)."""
    pairs = rulebook.file.pairs.values()
    out = {leg.venue: Decimal(1) for pair in pairs for leg in (pair.near, pair.far)}
    for seat in rulebook.seats_of("executors"):
        # karb: constant because an executor without margin states none
        stated: int | None = getattr(seat.params, "leverage", None)
        venues = getattr(seat.offer.component, "venues", None)
        if stated is not None and venues is not None:
            out |= {venue: Decimal(stated) for venue in venues(seat.params) or ()}
    return out


def _gate(seat: Seat, cites: Cites) -> GateSeat:
    return GateSeat(seat.id or seat.use, built(seat), frozenset(seat.at), cites.of_seat(seat))


def _rate(seat: Seat, cites: Cites) -> RateRule:
    source: FxSource = built(seat)
    return RateRule(
        str(seat.path[1]), source.max_age_ns(), source.when_closed_ns(), source.is_open, cites.of_seat(seat)
    )


def _leg_rules(rulebook: Rulebook, cites: Cites) -> LegRules:
    execution = rulebook.file.execution
    rungs = []
    for i, step in enumerate(execution.on_one_leg):
        cited = cites.of_file(f"/execution/on_one_leg/{i}")
        if step is None:
            rungs.append(LadderRung(Rung.HALT, Decimal(0), 0, cited))
        else:
            timed, rung = (step.retry, Rung.RETRY) if step.retry is not None else (step.unwind, Rung.UNWIND)
            assert isinstance(timed, TimedBand)
            weighs = step.retry is not None and bool(step.retry.if_cheaper)
            rungs.append(LadderRung(rung, timed.band, nanoseconds(timed.for_), cited, weighs))
    return LegRules(
        first={"together": None, "near": 0, "far": 1}[execution.first],
        band=execution.price.band,
        unhedged_ns=nanoseconds(execution.unhedged_for),
        ladder=tuple(rungs),
        ask_ns=nanoseconds(execution.on_unknown.ask_for),
        band_cited=cites.of_file("/execution/price/band"),
        unknown_cited=cites.of_file("/execution/on_unknown/then"),
    )


def nanoseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1) * 1000
