"""`karb halt`: stops a desk from another terminal, at one of three strengths."""

from __future__ import annotations

import sys

import click

from karb_core.cli.terminal import Terminal
from karb_core.domain.halt import Halt
from karb_core.errors import UsageMistake
from karb_core.texts.text import Text

_HELP = """\b
karb halt --strength no-entries --because "news"
karb halt --ledger live.sqlite --strategy kimp-tiered --strength reduce-only --because "maintenance"
karb halt --strength flatten --because "I want out" --yes
karb halt --strength no-entries --because "news" --everywhere --halts redis://127.0.0.1:6379/0

no-entries: nothing new is entered. reduce-only: an entry that has begun is traded back too. flatten: everything that is
open is brought back to nothing. None of them ends the process, and none holds a way out. A halt only tightens; karb
resume ends it. Exit code 0: taken, or no desk is running and it is taken at the next start; 1: a desk is running and
did not take it within --wait. --everywhere tells every host that looks at --halts, and needs no ledger.
"""
_STRENGTHS = [each.word for each in Halt if each]
_WAIT_S = 10.0  # karb: constant because it waits for an answer, and what was told stands whether one comes or not


@click.command("halt", help=_HELP)
@click.option("--strength", type=click.Choice(_STRENGTHS), required=True)
@click.option("--because", default=None, help="why, in your words; kept with the halt")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.option("--strategy", default=None, help="only this one; default: all of the account")
@click.option("--account", default=None, help="where the ledger has several")
@click.option("--wait", "wait_s", type=click.FloatRange(min=0), default=_WAIT_S, show_default=True, metavar="SECONDS")
@click.option("--yes", is_flag=True, help="flatten without being asked")
@click.option("--everywhere", is_flag=True, help="at every host that looks at --halts")
@click.option(
    "--halts", default=None, envvar="KARB_HALTS", metavar="ADDRESS", help="where hosts look; default: KARB_HALTS"
)
@click.pass_context
def command(
    ctx: click.Context, strength: str, because: str | None, ledger: str | None, strategy: str | None,
    account: str | None, wait_s: float, yes: bool, everywhere: bool, halts: str | None,
) -> None:  # fmt: skip
    from karb_core.cli.told_desk import Order, need_because, tell_desk

    terminal = Terminal.of(ctx)
    asked, why = Halt.read(strength), need_because(because)
    if asked is Halt.FLATTEN and not yes:
        _confirm(terminal)
    if everywhere:
        from karb_core.cli.everywhere import halt_everywhere

        halt_everywhere(terminal, halts, asked, why)
        return
    tell_desk(terminal, Order(ledger, account, strategy, "halt", asked, why, wait_s))


def _confirm(terminal: Terminal) -> None:
    if not sys.stdin.isatty():
        raise UsageMistake(Text("halt.unasked"), Text("halt.unasked.help"))
    click.confirm(terminal.say(Text("halt.sure")), abort=True)
