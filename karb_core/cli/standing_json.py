"""How an account stands, as JSON has it."""

from __future__ import annotations

from karb_core.cli.instants import instant, whole_seconds
from karb_core.domain.amount import Amount
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Order, Outcome, Rejected, Unknown
from karb_core.ledger.decisions import Written
from karb_core.ledger.lease import Held
from karb_core.wiring.standing import PairStands, Seen, Stands
from karb_core.wiring.under_way import UnderWay


def standing_json(seen: Seen) -> dict[str, object]:
    modes = list(dict.fromkeys(each.run.mode for each in seen.books.runs))
    return {
        "ledger": seen.ledger,
        "account": seen.books.account,
        "modes": modes,
        "as_of": instant(seen.until_ns),
        "desk": None if seen.holder is None else _desk(seen.holder, seen.now_ns),
        "strategies": [_strategy(one, seen.until_ns) for one in seen.stands],
    }


def desk_state(held: Held, now_ns: int) -> str:
    """`running`, `given_back`, or `silent` for one that has not said for too long that it lives."""
    if held.released_at_ns is not None:
        return "given_back"
    return "silent" if held.free_at(now_ns) else "running"


def answered(answer: Outcome | None) -> str:
    """The last word about an order that is not over: `none`, `unknown`, or `open` for one that rests or fills."""
    if answer is None:
        return "none"
    return "unknown" if isinstance(answer, Unknown) else "open"


def filled(order: Order, answer: Outcome | None) -> Amount:
    return Amount.zero(order.instrument.base) if answer is None or isinstance(answer, Rejected) else answer.filled


def _desk(held: Held, now_ns: int) -> dict[str, object]:
    by = held.by
    told = {"state": desk_state(held, now_ns), "host": by.host, "pid": by.pid, "run": by.run_id}
    given = None if held.released_at_ns is None else instant(held.released_at_ns)
    return {**told, "since": instant(held.taken_at_ns), "last_beat": instant(held.beat_at_ns), "given_back": given}


def _strategy(one: Stands, until_ns: int) -> dict[str, object]:
    run = one.lived.run
    ended = one.lived.ended_at_ns
    return {
        "strategy": one.strategy,
        "run": run.id,
        "mode": run.mode,
        "rules_digest": run.rules_digest,
        "began_at": instant(one.lived.started_at_ns),
        "ended_at": None if ended is None else instant(ended),
        "ended": one.lived.ended,
        "halted": [
            {"strength": h.strength, "reason": h.reason, "author": h.author, "at": instant(h.at_ns)} for h in one.halted
        ],
        "told": [
            {"verb": c.verb, "strength": c.strength, "reason": c.reason, "author": c.author, "at": instant(c.at_ns)}
            for c in one.told
        ],
        "pairs": [_pair(pair, until_ns) for pair in one.pairs],
        "under_way": [_under_way(each) for each in one.under_way],
    }


def _pair(one: PairStands, until_ns: int) -> dict[str, object]:
    return {
        "pair": one.pair,
        "open_lots": [_lot(lot, one.uneven.get(lot.id, ()), until_ns) for lot in one.lots],
        "last_decision": _decision(one.last),
        "last_refusal": _decision(one.refused),
    }


def _lot(lot: Lot, uneven: tuple[Amount, ...], until_ns: int) -> dict[str, object]:
    told = {"lot": lot.id, "tier": lot.tier, "side": lot.side, "entered_at": instant(lot.opened_at_ns)}
    return {**told, "age_s": whole_seconds(until_ns - lot.opened_at_ns), "uneven": [a.text() for a in uneven]}


def _decision(d: Written | None) -> dict[str, object] | None:
    if d is None:
        return None
    denied = [{"rule": each["rule"], "observed": each["observed"], "limit": each["limit"]} for each in _denied(d)]
    told = {"kind": d.kind.value, "tier": d.tier, "side": d.side, "cause": d.cause, "intent": d.intent_id}
    times = {"first_at": instant(d.first_at_ns), "last_at": instant(d.last_at_ns), "times": d.times}
    return {**told, **times, "denied": denied, "digest": d.digest}


def _denied(d: Written) -> list[dict[str, str]]:
    told: list[dict[str, str]] = d.document()["denied"]
    return told


def _under_way(each: UnderWay) -> dict[str, object]:
    d = each.decision
    orders = [
        {
            "order": order.id, "instrument": order.instrument.text(), "side": order.side.value,
            "amount": order.amount.text(), "filled": filled(order, answer).text(), "answer": answered(answer),
        }
        for order, answer in each.open
    ]  # fmt: skip
    told = {"intent": d.intent_id, "kind": d.kind.value, "pair": d.pair, "decided_at": instant(d.first_at_ns)}
    return {**told, "orders": orders}
