"""How an account stands, for people."""

from __future__ import annotations

from karb_core.cli.instants import age, instant
from karb_core.cli.standing_json import answered, desk_state, filled
from karb_core.cli.terminal import Terminal, padded
from karb_core.domain.amount import Amount
from karb_core.ledger.decisions import Written
from karb_core.ledger.lease import Held
from karb_core.rules.shown import shown
from karb_core.texts.text import Text
from karb_core.wiring.standing import PairStands, Seen, Stands
from karb_core.wiring.under_way import UnderWay

_NAME = 14  # karb: constant because it is the width of a column


def show_standing(terminal: Terminal, seen: Seen) -> None:
    modes = ", ".join(dict.fromkeys(each.run.mode for each in seen.books.runs))
    args = {"ledger": seen.ledger, "account": seen.books.account, "modes": modes, "at": instant(seen.until_ns)}
    terminal.out(Text("stands.head", args))
    terminal.out(_desk(terminal, seen))
    for one in seen.stands:
        terminal.out("")
        _show_strategy(terminal, one, seen.until_ns)


def uneven_text(uneven: tuple[Amount, ...]) -> str:
    return ", ".join(shown(*(amount.text() for amount in uneven if amount.value)))


def _desk(terminal: Terminal, seen: Seen) -> Text:
    held = seen.holder
    if held is None:
        return Text("stands.recorded" if seen.books.replayed else "stands.nobody")
    by, state = held.by, desk_state(held, seen.now_ns)
    beat = age(terminal, seen.now_ns - held.beat_at_ns)
    args = {"host": by.host, "pid": by.pid, "since": instant(held.taken_at_ns), "beat": beat, "run": by.run_id}
    if state == "running":
        return Text("stands.running", args)
    return Text("stands.silent" if state == "silent" else "stands.given_back", {**args, "at": _given(held)})


def _given(held: Held) -> str:
    return instant(held.beat_at_ns if held.released_at_ns is None else held.released_at_ns)


def _show_strategy(terminal: Terminal, one: Stands, until_ns: int) -> None:
    lived = one.lived
    args = {"strategy": one.strategy, "run": lived.run.id, "began": instant(lived.started_at_ns)}
    if lived.ended_at_ns is None:
        terminal.out(Text("stands.strategy", args))
    else:
        terminal.out(Text("stands.strategy_ended", {**args, "how": lived.ended, "at": instant(lived.ended_at_ns)}))
    _show_halts(terminal, one)
    for pair in one.pairs:
        _show_pair(terminal, pair, until_ns)
    for each in one.under_way:
        _show_under_way(terminal, each)


def _show_halts(terminal: Terminal, one: Stands) -> None:
    for halted in one.halted:
        args = {"strength": halted.strength, "reason": halted.reason, "author": halted.author}
        said = terminal.say(Text("stands.halted", {**args, "at": instant(halted.at_ns)}))
        terminal.out(f"  {terminal.style(said, 'error')}")
    if not one.halted:
        terminal.out(f"  {terminal.say(Text('stands.not_halted'))}")
    for told in one.told:
        args = {"verb": " ".join(filter(None, (told.verb, told.strength))), "reason": told.reason}
        said = terminal.say(Text("stands.told", {**args, "author": told.author, "at": instant(told.at_ns)}))
        terminal.out(f"  {terminal.style(said, 'warning')}")


def _show_pair(terminal: Terminal, pair: PairStands, until_ns: int) -> None:
    name, rest = padded(pair.pair, _NAME), " " * _NAME
    ages = ", ".join(age(terminal, until_ns - lot.opened_at_ns) for lot in pair.lots)
    open_ = Text("stands.open", {"count": len(pair.lots), "ages": ages}) if pair.lots else Text("stands.flat")
    terminal.out(f"  {name}{terminal.say(open_)}")
    for lot_id, uneven in pair.uneven.items():
        said = terminal.say(Text("stands.uneven", {"lot": lot_id, "what": uneven_text(uneven)}))
        terminal.out(f"  {rest}{terminal.style(said, 'error')}")
    if pair.last is not None:
        terminal.out(f"  {rest}{terminal.say(Text('stands.last', {'what': _what(pair.last)}))}")
    if pair.refused is not None:
        rules = ", ".join(each["rule"] for each in pair.refused.document()["denied"])
        args: dict[str, object] = {"what": _when(pair.refused), "rules": rules, "times": pair.refused.times}
        terminal.out(f"  {rest}{terminal.say(Text('stands.refused', args))}")


def _what(d: Written) -> str:
    return f"{d.kind.value} {_when(d)}"


def _when(d: Written) -> str:
    return " ".join(filter(None, (d.tier, d.side, instant(d.last_at_ns))))


def _show_under_way(terminal: Terminal, each: UnderWay) -> None:
    d = each.decision
    args = {"kind": d.kind.value, "pair": d.pair, "intent": d.intent_id, "at": instant(d.first_at_ns)}
    terminal.out(f"  {terminal.style(terminal.say(Text('stands.under_way', args)), 'warning')}")
    for order, answer in each.open:
        wanted, got = shown(order.amount.text(), filled(order, answer).text())
        what = {"none": "stands.answer_none", "unknown": "stands.answer_unknown", "open": "stands.answer_open"}
        told = {"order": order.id, "instrument": order.instrument.text(), "side": order.side.value, "got": got}
        said = Text("stands.order", {**told, "wanted": wanted, "answer": Text(what[answered(answer)])})
        terminal.out(f"      {terminal.say(said)}")
