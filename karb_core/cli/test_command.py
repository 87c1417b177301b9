"""`karb test FILE...`: carries out the tests that a strategy file has of itself."""

from __future__ import annotations

import click

from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.errors import StrategyTestFailed, UsageMistake
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.roles import Role
from karb_core.texts.text import Text
from karb_core.wiring.trial import Tried, tried

_HELP = """\b
karb test kimp.yaml
karb test strategies/*.yaml
karb test kimp.yaml --format json

Each test under `tests:` is one moment of one pair: the rules judge it, size it and ask the gates, and what they decide is
held beside what you wrote. Exit code 6 where they differ. Then: which of your rules no decision of a test cited. Nothing is
traded, no data is read; the venues' own steps play no part.
"""
#: What comes after a decision, and what only says which component, no decision cites.
_JUDGING = {"pairs", "fx_source", "signal", "sizing", "risk_gates"}


@click.command("test", help=_HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], form: str) -> None:
    terminal, reports, failed = Terminal.of(ctx), [], False
    for path in files:
        rulebook = rulebook_of(terminal, path)
        if not rulebook.file.tests:
            raise UsageMistake(Text("test.none", {"path": path}), Text("test.none.help"))
        results = [tried(rulebook, test) for test in rulebook.file.tests]
        failed = failed or any(one.differs for one in results)
        if form == "json":
            reports.append(_report(terminal, path, rulebook, results))
        else:
            _show(terminal, path, rulebook, results)
    if form == "json":
        terminal.json({"files": reports})
    ctx.exit(StrategyTestFailed.exit_code if failed else 0)


def _show(terminal: Terminal, path: str, rulebook: Rulebook, results: list[Tried]) -> None:
    for one in results:
        sign = terminal.style("--", "error") if one.differs else terminal.style("ok", "good")
        terminal.out(f"{sign} {one.test.name}")
        for said in one.differs:
            terminal.out(f"     {terminal.say(said)}")
    passed, rules, idle = sum(not one.differs for one in results), _rules(rulebook), uncited(rulebook, results)
    terminal.out(Text("test.passed", {"path": path, "passed": passed, "tests": len(results)}))
    told = {"cited": len(rules) - len(idle), "rules": len(rules)}
    terminal.out(Text("test.coverage", told))
    for pointer in idle:
        terminal.out(f"     {pointer}")


def uncited(rulebook: Rulebook, results: list[Tried]) -> list[str]:
    """The places of rules that no decision of these tests cites, in the file's order."""
    cited = frozenset().union(*(one.lines for one in results))
    return [pointer for pointer in _rules(rulebook) if pointer not in cited]


def _rules(rulebook: Rulebook) -> list[str]:
    """Those that a decision about one moment can cite: what judges, sizes, refuses, and each pair's share."""
    judged = [line for line in rulebook.lines if line.role is Role.RULE and line.section in _JUDGING]
    return [line.pointer for line in judged if "/with/" in line.pointer or line.pointer.endswith("/share")]


def _report(terminal: Terminal, path: str, rulebook: Rulebook, results: list[Tried]) -> dict[str, object]:
    tests = [
        {
            "name": one.test.name,
            "ok": not one.differs,
            "differs": [terminal.say(said) for said in one.differs],
            "lines": sorted(one.lines),
        }
        for one in results
    ]
    return {"file": path, "tests": tests, "rules": len(_rules(rulebook)), "uncited": uncited(rulebook, results)}
