"""`karb plan FILE`: what will run, each value, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import click

from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal, padded, width
from karb_core.rulebook.approval import lock_state
from karb_core.rulebook.rule_lines import RuleLine
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.roles import Role
from karb_core.texts.text import Text

_HELP = """\b
karb plan strategies/quickstart.yaml
karb plan kimp.yaml --format json

Prints every value in force: R the owner's rules, A assumptions of simulated runs, w wiring, · technical settings.
"""
#: Cells of the column of values: at least; and what is longer than the second pushes its place to the right alone.
_VALUE, _LONG = 34, 60
_SIGNS = {Role.RULE: "R", Role.ASSUMPTION: "A", Role.WIRING: "w", Role.TECH: "·"}


@click.command("plan", help=_HELP)
@click.argument("file")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, file: str, form: str) -> None:
    terminal = Terminal.of(ctx)
    rulebook = rulebook_of(terminal, file)
    if form == "json":
        terminal.json(plan_json(terminal, file, rulebook))
    else:
        _show(terminal, file, rulebook)


def _show(terminal: Terminal, file: str, rulebook: Rulebook) -> None:
    source, digests = rulebook.source, rulebook.digests
    args = {"name": rulebook.file.name, "path": file, "lines": len(source.lines), "sha": source.sha256[:12]}
    terminal.out(Text("plan.strategy", args))
    terminal.out(Text("plan.mode", {"mode": rulebook.file.mode}))
    shown = {"rules": digests.rules[:19], "assumptions": digests.assumptions[:19], "config": digests.config[:19]}
    terminal.out(Text("plan.digests", {**shown, "lock": lock_state(file, rulebook)}))
    for section, lines in groupby(rulebook.lines, key=_heading):
        terminal.out("")
        if section:
            terminal.out(terminal.style(section, "note"))
        _show_section(terminal, file, rulebook, list(lines))
    terminal.out("")
    terminal.out(_summary(rulebook.lines))


def _heading(line: RuleLine) -> str:
    """The section; sections of one value stand together without one."""
    return "" if line.pointer == f"/{line.section}" else line.section


def _show_section(terminal: Terminal, file: str, rulebook: Rulebook, lines: list[RuleLine]) -> None:
    cells = max([_VALUE, *(width(_value(line)) for line in lines if width(_value(line)) <= _LONG)])
    for line in lines:
        if line.name == "use":
            seat = next(
                seat for seat in rulebook.all_seats() if f"/{'/'.join(map(str, seat.path))}/use" == line.pointer
            )
            package = seat.offer.component.__module__.partition(".")[0]
            stage = "" if seat.offer.stage == "stable" else f" · {seat.offer.stage}"
            terminal.out(
                f"  {padded(line.use, 34)} {package} {seat.offer.source.version}{terminal.style(stage, 'warning')}"
            )
            continue
        inside = "    " if line.use else "  "
        name = line.name if line.use else line.pointer.removeprefix(f"/{line.section}").lstrip("/").replace("/", ".")
        place = f"{file}:{line.mark.line}:{line.mark.column}" if line.mark else terminal.say(Text("plan.default"))
        sign = _SIGNS[line.role]
        terminal.out(
            f"{inside}{sign} {padded(name or line.section, 28)} {padded(_value(line), cells)} {terminal.style(place, 'dim')}"
        )


def _value(line: RuleLine) -> str:
    return line.written if line.written is not None else str(line.value)


def _summary(lines: Iterable[RuleLine]) -> Text:
    known = [line for line in lines if line.name not in ("use",)]
    count = {role: sum(line.role is role for line in known) for role in _SIGNS}
    defaults = sum(line.role is Role.TECH and line.mark is None for line in known)
    args = {"rules": count[Role.RULE], "assumptions": count[Role.ASSUMPTION], "wiring": count[Role.WIRING]}
    return Text("plan.summary", {**args, "tech": count[Role.TECH], "defaults": defaults})


def plan_json(terminal: Terminal, file: str, rulebook: Rulebook) -> dict[str, object]:
    """Every value in force, with its line."""
    return {
        "file": file,
        "strategy": rulebook.file.name,
        "mode": rulebook.file.mode,
        "source_sha256": rulebook.source.sha256,
        "rules_digest": rulebook.digests.rules,
        "assumptions_digest": rulebook.digests.assumptions,
        "config_digest": rulebook.digests.config,
        "lock": terminal.say(lock_state(file, rulebook)),
        "lines": [_line(terminal, line) for line in rulebook.lines],
    }


def _line(terminal: Terminal, line: RuleLine) -> dict[str, object]:
    return {
        "pointer": line.pointer,
        "use": line.use,
        "role": str(line.role),
        "value": line.value,
        "written": line.written,
        "line": line.mark.line if line.mark else None,
        "column": line.mark.column if line.mark else None,
        "description": terminal.say(line.description),
    }
