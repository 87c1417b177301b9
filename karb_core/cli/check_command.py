"""`karb check FILE...`: says everything that is wrong, at once."""

from __future__ import annotations

import click

from karb_core.cli.findings import as_json, show
from karb_core.cli.money import Known, price_option, prices_of, show_money
from karb_core.cli.reading import exit_code, read_checked
from karb_core.cli.terminal import Terminal
from karb_core.errors import KarbError, StrategyInvalid
from karb_core.rulebook.check import Checked
from karb_core.texts.text import Text

_HELP = """\b
karb check strategies/kimp_tiered.yaml
karb check strategies/*.yaml
karb check kimp.yaml --format json
karb --lang ko check kimp.yaml

Exit code 0: nothing is wrong; 2: a file is not there; 3: an error in a file; 5: a plugin is missing or broken.
Checks what is written, offline; it opens no venue and needs no key.
"""


@click.command("check", help=_HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@price_option
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], form: str, prices: tuple[str, ...]) -> None:
    terminal, worst, reports = Terminal.of(ctx), 0, []
    known = prices_of(prices)
    for path in files:
        try:
            checked = read_checked(path)
        except KarbError as e:
            worst = _worse(worst, e.exit_code)
            reports.append(_unread(terminal, path, e, form))
            continue
        worst = _worse(worst, exit_code(checked))
        if form == "json":
            reports.append(_report(terminal, path, checked))
        else:
            _show(terminal, path, checked, known)
    if form == "json":
        terminal.json({"files": reports})
    ctx.exit(worst)


def _show(terminal: Terminal, path: str, checked: Checked, known: Known) -> None:
    for finding in checked.findings:
        show(terminal, checked.source, finding)
    if checked.rulebook is None or checked.errors:
        terminal.err(Text("check.errors", {"path": path, "count": len(checked.errors)}))
        return
    rules = sum(line.ruled for line in checked.rulebook.lines)
    terminal.out(Text("check.ok", {"path": path, "rules": rules, "digest": checked.rulebook.digests.rules[:19]}))
    show_money(terminal, checked.rulebook, known)


def _unread(terminal: Terminal, path: str, error: KarbError, form: str) -> dict[str, object]:
    if form == "text":
        terminal.error(error.said, error.help)
    finding = {"code": "K100", "severity": "error", "line": 1, "column": 1, "message": terminal.say(error.said)}
    return {"file": path, "ok": False, "exit_code": error.exit_code, "findings": [finding]}


def _report(terminal: Terminal, path: str, checked: Checked) -> dict[str, object]:
    digests = checked.rulebook.digests if checked.rulebook else None
    return {
        "file": path,
        "ok": not checked.errors,
        "exit_code": exit_code(checked),
        "rules_digest": digests.rules if digests else None,
        "assumptions_digest": digests.assumptions if digests else None,
        "config_digest": digests.config if digests else None,
        "findings": [as_json(terminal, finding) for finding in checked.findings],
    }


def _worse(one: int, other: int) -> int:
    """Of several files, an invalid one outweighs one whose plugin is missing."""
    return StrategyInvalid.exit_code if StrategyInvalid.exit_code in (one, other) else max(one, other)
