"""What `karb why` tells of a time at which nothing was decided: what was last looked at, and how far from acting."""

from __future__ import annotations

from decimal import Decimal

from karb_core.cli.instants import instant
from karb_core.cli.terminal import Terminal, padded
from karb_core.domain.decisions import Cited, SeenValue
from karb_core.domain.exact import text
from karb_core.ledger.runs import Run
from karb_core.ports import Explained
from karb_core.rules.shown import shown
from karb_core.texts.text import Text
from karb_core.wiring.explain import Why
from karb_core.wiring.looked_at import LookedAt


def show_moment(terminal: Terminal, pair: str, at_ns: int, run: Run, looked: LookedAt, why: Why | None) -> None:
    """`why`: None where nothing was looked at until then."""
    terminal.out(Text("why.looked", {"pair": pair, "at": instant(at_ns)}))
    terminal.out("  " + terminal.say(reach(at_ns, run, looked)))
    if why is None or looked.moment is None:
        return
    if looked.moment.at_ns < at_ns:
        terminal.out("  " + terminal.say(Text("why.looked_at", {"at": instant(looked.moment.at_ns)})))
    bounds = [_told(bound.needed) for bound, _ in why.bounds]
    values = shown(*(_told(value) for _, value in why.seen), beside=bounds)
    for (name, _), told in zip(why.seen, values, strict=True):
        terminal.out(f"  {padded(name, 24)} {told}")
    for top in looked.moment.tops:
        terminal.out(f"  {padded(top.instrument.text(), 24)} {' / '.join(shown(text(top.bid), text(top.ask)))}")
    for seat, rate in looked.moment.rates.items():
        terminal.out(f"  {padded(f'rate.{seat}', 24)} {shown(text(rate.rate))[0]}  {instant(rate.venue_at_ns)}")
    for bound, cited in why.bounds:
        terminal.out("  " + _bound(terminal, bound, cited))


def moment_json(pair: str, at_ns: int, run: Run, looked: LookedAt, why: Why | None) -> dict[str, object]:
    moment = looked.moment
    return {
        "pair": pair,
        "at": instant(at_ns),
        "looked_at": None if moment is None else instant(moment.at_ns),
        "next_at": None if looked.next_ns is None else instant(looked.next_ns),
        "after_end": _after_end(at_ns, run),
        "seen": {} if why is None else {name: plain(value) for name, value in why.seen},
        "bounds": [] if why is None else [bound_json(bound, cited) for bound, cited in why.bounds],
    }


def reach(at_ns: int, run: Run, looked: LookedAt) -> Text:
    """Between the moments that are recorded nothing could be done: whoever wakes a signal says so of each row."""
    if _after_end(at_ns, run):
        return Text("why.after_end", {"last": instant(run.until_ns or 0)})
    if looked.moment is None:
        if looked.next_ns is None:
            return Text("why.never")
        return Text("why.until_first", {"first": instant(run.from_ns or 0), "last": instant(looked.next_ns)})
    if looked.moment.at_ns == at_ns:
        return Text("why.at_once")
    first = instant(looked.moment.at_ns)
    if looked.next_ns is None:
        return Text("why.until_end", {"first": first})
    return Text("why.between", {"first": first, "last": instant(looked.next_ns)})


def _after_end(at_ns: int, run: Run) -> bool:
    return run.until_ns is not None and at_ns > run.until_ns


def _bound(terminal: Terminal, bound: Explained, cited: Cited) -> str:
    name = f"{cited.rule} ({bound.about})" if bound.about and bound.about not in bound.rule.split(".") else cited.rule
    seen, needed = shown(_told(bound.seen), _told(bound.needed))
    asked = f"{bound.of} {seen} {bound.relation} {needed}"
    far = terminal.say(Text("why.met" if bound.met else "why.not_met"))
    if bound.short is not None:
        far = terminal.say(Text("why.short", {"by": shown(text(bound.short))[0]}))
    place = terminal.style(f"{cited.file}:{cited.line}", "dim") if cited.line else ""
    return f"{padded(name, 44)} {padded(asked, 40)} {padded(far, 24)} {place}".rstrip()


def bound_json(bound: Explained, cited: Cited) -> dict[str, object]:
    """A bound beside what was seen, with the owner's line that states it."""
    return {
        "rule": cited.rule, "file": cited.file, "line": cited.line, "written": cited.written, "about": bound.about,
        "of": bound.of, "seen": plain(bound.seen), "relation": bound.relation, "needed": plain(bound.needed),
        "met": bound.met, "short": plain(bound.short),
    }  # fmt: skip


def _told(value: SeenValue) -> str:
    known = plain(value)
    return "-" if known is None else str(known)


def plain(value: SeenValue) -> str | int | None:
    """As JSON has it: a decimal is text."""
    return text(value) if isinstance(value, Decimal) else value
