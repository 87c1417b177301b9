"""`karb diff A [B]`: which values differ, and whether they allow more or less."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal, padded
from karb_core.errors import LockMismatch, UsageMistake
from karb_core.rulebook.difference import Difference, between, from_lock
from karb_core.rulebook.lock import Lock, lock_path, read_lock
from karb_core.texts.text import Text

_HELP = """\b
karb diff kimp.yaml
karb diff old.yaml new.yaml
karb diff kimp.yaml --history

With one file: against its lock. Exit code 0 whether or not something differs (`karb lock --check` tells by exit code).
"""


@click.command("diff", help=_HELP)
@click.argument("file")
@click.argument("other", required=False)
@click.option("--history", is_flag=True, help="every approval: when, why, and what it changed")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, file: str, other: str | None, history: bool, form: str) -> None:
    terminal = Terminal.of(ctx)
    if history:
        if other is not None:
            raise UsageMistake(Text("diff.history_of_one"))
        _history(terminal, _lock(file), form)
        return
    if other is not None:
        differences = between(rulebook_of(terminal, file), rulebook_of(terminal, other))
    else:
        rulebook = rulebook_of(terminal, file)
        differences = from_lock(_lock(file), rulebook)
    if form == "json":
        terminal.json({"file": file, "other": other, "differences": [_as_json(d) for d in differences]})
    else:
        _show(terminal, other or file, differences, locked=other is None)


def _lock(file: str) -> Lock:
    if Path(file).is_dir():
        raise UsageMistake(Text("file.directory", {"path": file}))
    lock = read_lock(lock_path(file))
    if lock is None:
        raise LockMismatch(Text("lock.missing", {"file": file}), Text("lock.missing.help", {"file": file}))
    return lock


def _show(terminal: Terminal, file: str, differences: list[Difference], locked: bool) -> None:
    for kind, group in groupby(differences, key=lambda d: d.kind):
        rows = list(group)
        terminal.out(Text(f"diff.{kind}", {"count": len(rows)}))
        for d in rows:
            place = f"{file}:{d.mark.line}:{d.mark.column}" if d.mark else ""
            verdict = "" if d.looser is None else terminal.say(Text("diff.looser" if d.looser else "diff.tighter"))
            change = f"{d.before or '—'} -> {d.after or '—'}"
            terminal.out(
                f"  {d.change} {padded(d.pointer, 40)} {padded(change, 34)} {terminal.style(place, 'dim')}  {verdict}".rstrip()
            )
    ruled = sum(d.kind == "rules" for d in differences)
    if not differences:
        terminal.out(Text("diff.none"))
    elif locked and ruled:
        terminal.out(Text("diff.approve", {"count": ruled, "file": file}))


def _history(terminal: Terminal, lock: Lock, form: str) -> None:
    if form == "json":
        approvals = [
            {
                "at": a.at,
                "because": a.because,
                "rules_digest": a.rules_digest,
                "changed": {p: list(c) for p, c in a.changed.items()},
            }
            for a in lock.approvals
        ]
        terminal.json({"strategy": lock.strategy, "approvals": approvals})
        return
    for approval in lock.approvals:
        terminal.out(f"{approval.at}  {approval.rules_digest[:19]}  {approval.because}")
        for pointer, (before, after) in approval.changed.items():
            terminal.out(f"  ~ {padded(pointer, 40)} {before or '—'} -> {after or '—'}")


def _as_json(d: Difference) -> dict[str, object]:
    return {
        "kind": d.kind,
        "change": {"+": "added", "-": "removed", "~": "changed"}[d.change],
        "pointer": d.pointer,
        "before": d.before,
        "after": d.after,
        "line": d.mark.line if d.mark else None,
        "looser": d.looser,
    }
