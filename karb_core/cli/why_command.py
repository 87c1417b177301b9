"""`karb why`: from the ledger, what was decided and which of the owner's lines decided it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.reading import rulebook_of
from karb_core.cli.results import instant
from karb_core.cli.terminal import Terminal, padded
from karb_core.errors import UsageMistake
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.texts.text import Text

_HELP = """\b
karb why kmq3gzqv2ew4n7ah
karb why strategies/quickstart.yaml --at '2025-02-03 14:00' --pair BTC
karb why strategies/quickstart.yaml --pair BTC --format json

One decision, by its intent or the beginning of its digest; or what the last run of a file decided at a time
(UTC), else the last decision before it. Refusals that went on show their first and last time and a count.
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
            found = list(_of_file(opened, rulebook_of(terminal, what).file.name, at_ns, pair))
        else:
            found = list(_by_name(opened, what))
    finally:
        opened.close()
    if not found:
        raise UsageMistake(Text("why.nothing"))
    if form == "json":
        terminal.json({"decisions": [_as_json(d) for d in found]})
        return
    for decision in found:
        _show(terminal, decision)


def _by_name(ledger: Ledger, name: str) -> Iterator[Written]:
    from karb_core.ledger.reading import Whose, decisions, runs

    if not name:
        return
    for run in runs(ledger):
        for decision in decisions(ledger, Whose(run.account, run_id=run.id)):
            if decision.intent_id == name or decision.digest.removeprefix("sha256:").startswith(name):
                yield decision


def _of_file(ledger: Ledger, strategy: str, at_ns: int | None, pair: str | None) -> Iterator[Written]:
    from karb_core.ledger.reading import Whose, decisions, runs

    run = next((r for r in reversed(list(runs(ledger))) if r.strategy == strategy), None)
    if run is None:
        raise UsageMistake(Text("why.no_run", {"strategy": strategy}), Text("why.no_run.help"))
    mine = [d for d in decisions(ledger, Whose(run.account, run_id=run.id)) if pair in (None, d.pair)]
    if at_ns is None:
        yield from mine[-_SHOWN:]
        return
    at_once = [d for d in mine if d.first_at_ns <= at_ns <= d.last_at_ns]
    yield from at_once or [d for d in mine if d.last_at_ns <= at_ns][-1:]


def _show(terminal: Terminal, d: Written) -> None:
    told = d.document()
    args = {"kind": d.kind.value, "pair": d.pair, "tier": d.tier or "", "side": d.side, "at": instant(d.first_at_ns)}
    terminal.out(" ".join(terminal.say(Text("why.head", args)).split()))
    if d.times > 1:
        terminal.out("  " + terminal.say(Text("why.repeated", {"times": d.times, "last": instant(d.last_at_ns)})))
    for name, value in told["seen"].items():
        terminal.out(f"  {padded(name, 24)} {value}")
    for cited in told["cited"]:
        place = f"{cited['file']}:{cited['line']}" if cited["line"] else ""
        terminal.out(
            f"  {padded(cited['rule'], 44)} {padded(str(cited['written']), 16)} {terminal.style(place, 'dim')}"
        )
    for denied in told["denied"]:
        told_by = f"{denied['rule']}: {denied['observed']}  >  {denied['limit']}"
        terminal.out(f"  {terminal.style('denied', 'error')} {told_by}")
    terminal.out(f"  rules {d.rules_digest[:19]}  decision {d.digest.removeprefix('sha256:')[:12]}")


def _as_json(d: Written) -> dict[str, object]:
    return {"first_at": instant(d.first_at_ns), "last_at": instant(d.last_at_ns), "times": d.times, **d.document()}


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
