"""`karb why`: from the ledger, what was decided and which of the owner's lines decided it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from karb_core.cli.instants import instant
from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal, padded
from karb_core.errors import KarbError, LedgerUnusable, UsageMistake
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Run
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.shown import shown
from karb_core.texts.text import Said, Text

if TYPE_CHECKING:
    from karb_core.wiring.explain import RanBy, Why
    from karb_core.wiring.leg_times import IntentTimes
    from karb_core.wiring.looked_at import LookedAt

_HELP = """\b
karb why kmq3gzqv2ew4n7ah
karb why strategies/quickstart.yaml --at '2025-02-03 14:00' --pair BTC
karb why strategies/quickstart.yaml --pair BTC --format json

One decision, by its intent or the beginning of its digest; or what the last run of a file decided at a time
(UTC). Where it decided nothing then: what it last looked at and how far each bound was from acting, from the run's
own journal, and the last decision before. Refusals that went on show their first and last time and a count.
What was carried out shows, leg by leg, when it was sent, answered and filled, and the slippage against the plan's price.
"""
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")
_NS = 1_000_000_000  # karb: constant because a second has so many nanoseconds
_SHOWN = 20  # karb: constant because it bounds a listing on a terminal


@click.command("why", help=_HELP)
@click.argument("what", metavar="DECISION|FILE")
@click.option("--at", default=None, metavar="TIME", help="UTC: '2025-02-03 14:00'")
@click.option("--pair", default=None)
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, what: str, at: str | None, pair: str | None, ledger: str | None, form: str) -> None:
    from karb_core.ledger.ledger import open_ledger

    terminal = Terminal.of(ctx)
    at_ns = _time(at)
    opened = open_ledger(ledger_path(ledger), read_only=True)
    try:
        if what.endswith((".yaml", ".yml")) or "/" in what:
            found = _of_file(opened, rulebook_of(terminal, what), at_ns, pair)
        else:
            found = _Found(list(_by_name(opened, what)))
        found.legs.update(_carried(opened, found.decisions))
    finally:
        opened.close()
    if not found.decisions and not found.moments:
        raise UsageMistake(Text("why.nothing"))
    if form == "json":
        terminal.json(_found_json(terminal, found))
    else:
        _show_found(terminal, found)


@dataclass(frozen=True, slots=True)
class _Found:
    """moments: of each pair at which nothing was decided at the time asked for; the decisions are then those before.

    missing: why there is no journal to look into.
    """

    decisions: list[Written]
    moments: list[_Looked] = field(default_factory=list)
    legs: dict[str, IntentTimes] = field(default_factory=dict)
    notes: RanBy | None = None
    missing: KarbError | None = None


@dataclass(frozen=True, slots=True)
class _Looked:
    pair: str
    at_ns: int
    run: Run
    looked: LookedAt
    why: Why | None


def _by_name(ledger: Ledger, name: str) -> Iterator[Written]:
    from karb_core.ledger.reading import Whose, decisions, runs

    if not name:
        return
    for run in runs(ledger):
        for decision in decisions(ledger, Whose(run.account, run_id=run.id)):
            if decision.intent_id == name or decision.digest.removeprefix("sha256:").startswith(name):
                yield decision


def _of_file(ledger: Ledger, rulebook: Rulebook, at_ns: int | None, pair: str | None) -> _Found:
    from karb_core.ledger.reading import Whose, decisions, runs

    strategy = rulebook.file.name
    run = next((r for r in reversed(list(runs(ledger))) if r.strategy == strategy), None)
    if run is None:
        raise UsageMistake(Text("why.no_run", {"strategy": strategy}), Text("why.no_run.help"))
    mine = [d for d in decisions(ledger, Whose(run.account, run_id=run.id)) if pair in (None, d.pair)]
    if at_ns is None:
        return _Found(mine[-_SHOWN:])
    at_once = [d for d in mine if d.first_at_ns <= at_ns <= d.last_at_ns]
    before = [d for d in mine if d.last_at_ns <= at_ns][-1:]
    if at_once or (run.from_ns is not None and at_ns < run.from_ns):
        return _Found(at_once or before)
    return _not_decided(ledger, run, rulebook, at_ns, pair, before)


def _not_decided(
    ledger: Ledger, run: Run, rulebook: Rulebook, at_ns: int, pair: str | None, before: list[Written]
) -> _Found:
    from karb_core.wiring.explain import ran_by, why
    from karb_core.wiring.looked_at import looked_at

    by = ran_by(ledger, run, rulebook)
    known = (by.rulebook or rulebook).file.pairs
    moments = []
    try:
        for name in known if pair is None else (pair,) if pair in known else ():
            looked = looked_at(ledger, run, name, at_ns)
            told = None if looked.moment is None else why(looked, looked.moment, by.rulebook)
            moments.append(_Looked(name, at_ns, run, looked, told))
    except LedgerUnusable as e:
        return _Found(before, missing=e)
    return _Found(before, moments, notes=by)


def _carried(ledger: Ledger, decided: list[Written]) -> Iterator[tuple[str, IntentTimes]]:
    """How they were carried out, also by a later run of the account."""
    from karb_core.ledger.reading import Whose, runs
    from karb_core.wiring.leg_times import leg_times

    accounts = {run.id: run.account for run in runs(ledger)}
    for account in dict.fromkeys(accounts[d.run_id] for d in decided if d.intent_id is not None):
        yield from leg_times(ledger, Whose(account), [d for d in decided if accounts[d.run_id] == account]).items()


def _found_json(terminal: Terminal, found: _Found) -> dict[str, object]:
    from karb_core.cli.why_moment import moment_json

    told: dict[str, object] = {"decisions": [_as_json(d, found.legs) for d in found.decisions]}
    told["moments"] = [moment_json(m.pair, m.at_ns, m.run, m.looked, m.why) for m in found.moments]
    told["notes"] = [terminal.say(note) for note in _notes(found)]
    return told


def _notes(found: _Found) -> list[Said]:
    notes: list[Said] = list(found.notes.notes) if found.notes is not None else []
    return notes + ([found.missing.said] if found.missing is not None else [])


def _show_found(terminal: Terminal, found: _Found) -> None:
    from karb_core.cli.why_moment import show_moment

    for note in _notes(found):
        terminal.out(terminal.style(terminal.say(note), "note"))
    for m in found.moments:
        show_moment(terminal, m.pair, m.at_ns, m.run, m.looked, m.why)
    if found.moments and found.decisions:
        terminal.out(Text("why.before"))
    for decision in found.decisions:
        _show(terminal, decision, found.legs.get(decision.intent_id or ""))


def _show(terminal: Terminal, d: Written, carried: IntentTimes | None) -> None:
    from karb_core.cli.why_legs import show_legs

    told = d.document()
    args = {"kind": d.kind.value, "pair": d.pair, "tier": d.tier or "", "side": d.side, "at": instant(d.first_at_ns)}
    terminal.out(" ".join(terminal.say(Text("why.head", args)).split()))
    if d.times > 1:
        terminal.out("  " + terminal.say(Text("why.repeated", {"times": d.times, "last": instant(d.last_at_ns)})))
    written = [str(cited["written"]) for cited in told["cited"]]
    values = shown(*("-" if value is None else str(value) for value in told["seen"].values()), beside=written)
    for name, value in zip(told["seen"], values, strict=True):
        terminal.out(f"  {padded(name, 24)} {value}")
    for lot_id in told["lot_ids"]:
        terminal.out(f"  {padded('lot', 24)} {lot_id}")
    for cited in told["cited"]:
        place = f"{cited['file']}:{cited['line']}" if cited["line"] else ""
        terminal.out(
            f"  {padded(cited['rule'], 44)} {padded(str(cited['written']), 16)} {terminal.style(place, 'dim')}"
        )
    for denied in told["denied"]:
        observed, limit = shown(denied["observed"], denied["limit"])
        args = {"rule": denied["rule"], "observed": observed, "limit": limit}
        terminal.out(f"  {terminal.style('denied', 'error')} {terminal.say(Text('why.denied', args))}")
    if carried is not None:
        show_legs(terminal, carried)
    terminal.out(f"  rules {d.rules_digest[:19]}  decision {d.digest.removeprefix('sha256:')[:12]}")


def _as_json(d: Written, carried: dict[str, IntentTimes]) -> dict[str, object]:
    from karb_core.cli.why_legs import legs_json

    told = {"first_at": instant(d.first_at_ns), "last_at": instant(d.last_at_ns), "times": d.times, **d.document()}
    return {**told, "carried_out": legs_json(carried.get(d.intent_id or ""))}


def _time(written: str | None) -> int | None:
    if written is None:
        return None
    for form in _FORMS:
        try:
            at = datetime.strptime(written.removesuffix("Z"), form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return int(at.timestamp()) * _NS
    raise UsageMistake(Text("why.when", {"text": written}))
