"""`karb resume`: ends the halts of a desk from another terminal, as far as they are no more true."""

from __future__ import annotations

import click

from karb_core.cli.terminal import Terminal

_HELP = """\b
karb resume --because "the news was nothing"
karb resume --ledger live.sqlite --strategy kimp-tiered --because "maintenance is over"

Ends every halt that is no more true. What still is stays and is named: a leg that stands open, an order whose fate is
not known, a flatten that is not flat yet, a lease that was lost. Exit code 0: nothing is halted any more, or no desk is
running and it is taken at the next start; 10: something stays halted; 1: a desk is running and did not take it.
--everywhere takes away what stands at --halts and resumes nobody: each host is resumed by its own ledger then.
"""
_WAIT_S = 10.0  # karb: constant because it waits for an answer, and what was told stands whether one comes or not


@click.command("resume", help=_HELP)
@click.option("--because", default=None, help="why, in your words; kept with it")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.option("--strategy", default=None, help="only this one; default: all of the account")
@click.option("--account", default=None, help="where the ledger has several")
@click.option("--wait", "wait_s", type=click.FloatRange(min=0), default=_WAIT_S, show_default=True, metavar="SECONDS")
@click.option("--everywhere", is_flag=True, help="take away what hosts look at; resumes nobody by itself")
@click.option(
    "--halts", default=None, envvar="KARB_HALTS", metavar="ADDRESS", help="where hosts look; default: KARB_HALTS"
)
@click.pass_context
def command(
    ctx: click.Context, because: str | None, ledger: str | None, strategy: str | None, account: str | None,
    wait_s: float, everywhere: bool, halts: str | None,
) -> None:  # fmt: skip
    from karb_core.cli.told_desk import Order, need_because, tell_desk

    if everywhere:
        from karb_core.cli.everywhere import resume_everywhere

        resume_everywhere(Terminal.of(ctx), halts)
        return
    why = need_because(because)
    tell_desk(Terminal.of(ctx), Order(ledger, account, strategy, "resume", None, why, wait_s))
