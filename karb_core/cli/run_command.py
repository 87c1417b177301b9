"""`karb run FILE`: carries the strategy out, as the file says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from karb_core.cli.backtesting import carried_out
from karb_core.cli.period import period
from karb_core.cli.reading import rulebook_of
from karb_core.cli.results import show_results
from karb_core.cli.terminal import Terminal
from karb_core.cli.to_run import ToRun
from karb_core.errors import PluginUnusable, StrategyInvalid, UsageMistake
from karb_core.ports import Asked
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.wiring.backtest import Backtest

_HELP = """\b
karb run strategies/quickstart.yaml
karb run strategies/kimp_tiered_1h.yaml --mode backtest --data datasets/real_1h.yaml
karb run strategies/quickstart.yaml --format json > result.json
karb run strategies/kimp_tiered.yaml strategies/kimp_zscore.yaml
karb run my.yaml --mode live --lab
karb run mine.yaml --serve 127.0.0.1:8080


Runs the mode that the file names; --mode can only make it tamer. A backtest ends with what it came to and where the
ledger is; on paper and live several files run in one process until Ctrl-C. Live enters nothing by rules that are not
locked. --lab points a paper or live run at venues of this machine: no real venue is asked, no key of yours is read.
--serve shows paper and live in a browser, and takes a halt from there: an API, a WebSocket and a page. --halts names a
place where a halt for several hosts stands; while it does not answer, nothing is entered.
"""
_BOLDNESS = ("backtest", "paper", "live")


@click.command("run", help=_HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--mode", type=click.Choice(_BOLDNESS), default=None, help="a tamer mode than the file's")
@click.option("--data", default=None, metavar="DATASET", help="the dataset file a backtest runs over")
@click.option("--from", "since", default=None, metavar="DAY", help="first day, UTC: 2024-01-31")
@click.option("--to", "until", default=None, metavar="DAY", help="the day after the last, UTC")
@click.option(
    "--ledger",
    default=None,
    metavar="FILE_OR_URL",
    help="where to write; default: ledger.sqlite in KARB_HOME (~/.karb)",
)
@click.option(
    "--known-mark", "known_marks", multiple=True, metavar="MARK", help="live: the karb of that mark has ended for good"
)
@click.option("--lab", is_flag=True, help="paper, live: at local venues, started for this run")
@click.option("--lab-at", default=None, metavar="URL", help="the same at a lab that runs: its control address")
@click.option("--serve", default=None, metavar="ADDRESS", help="paper, live: show it there, e.g. 127.0.0.1:8080")
@click.option(
    "--halts",
    default=None,
    envvar="KARB_HALTS",
    metavar="ADDRESS",
    help="paper, live: obey halts there too, e.g. redis://127.0.0.1:6379/0",
)
@click.option("--every-bar", is_flag=True, help="judge every row, also those that cannot matter")
@click.option("--quiet", is_flag=True, help="tell nothing on the way, only the result")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    ctx: click.Context, files: tuple[str, ...], mode: str | None, data: str | None, since: str | None, until: str | None,
    ledger: str | None, known_marks: tuple[str, ...], lab: bool, lab_at: str | None, serve: str | None, halts: str | None,
    every_bar: bool, quiet: bool, form: str,
) -> None:  # fmt: skip
    terminal = Terminal.of(ctx)
    at_lab = lab or lab_at is not None
    ledger = _ledger(ledger, at_lab=at_lab)
    wanted = [_read(terminal, file, mode, ledger) for file in files]
    meant = _one_mode({_mode(each.path, each.rulebook, mode) for each in wanted})
    period(since, until)
    if meant != "backtest":
        _need_no_backtest_options(meant, {"--data": data, "--from": since, "--to": until, "--every-bar": every_bar})
        from karb_core.cli.at_lab import LabAsked
        from karb_core.cli.trading_run import HouseAsked, run_house

        asked_lab = LabAsked(lab_at) if at_lab else None
        ctx.exit(run_house(terminal, wanted, HouseAsked(meant, ledger, known_marks, asked_lab, serve, halts)))
    if at_lab:
        raise UsageMistake(Text("lab.mode"), Text("lab.mode.help"))
    if serve is not None:
        raise UsageMistake(Text("serve.mode"), Text("serve.mode.help"))
    if len(files) > 1:
        raise UsageMistake(Text("run.several", {"count": len(files)}))
    asked = Asked(data, since, until, ledger, every_bar)
    _backtest(terminal, files[0], wanted[0].rulebook, asked, quiet=quiet or form == "json", form=form)


def _ledger(given: str | None, *, at_lab: bool) -> str | None:
    if not at_lab:
        return given
    from karb_core.cli.at_lab import lab_ledger

    return lab_ledger(given)


def _read(terminal: Terminal, file: str, mode: str | None, ledger: str | None) -> ToRun:
    """The file's rules. Outside backtests a file that cannot be used keeps nobody from leaving what is open."""
    try:
        return ToRun(file, rulebook_of(terminal, file))
    except (StrategyInvalid, PluginUnusable) as broken:
        if mode == "backtest":
            raise
        from karb_core.cli.trading_run import ran_last

        return ran_last(terminal, file, broken, mode, ledger)


def _backtest(terminal: Terminal, file: str, rulebook: Rulebook, asked: Asked, *, quiet: bool, form: str) -> None:
    text = form == "text"
    begins = partial(_say_what_begins, terminal) if text else None
    with carried_out(terminal, file, rulebook, asked, progress=text, quiet=quiet, begins=begins) as done:
        show_results(terminal, done.made, done.ledger, done.where, form)


def _say_what_begins(terminal: Terminal, run: Backtest, data: str) -> None:
    first, last = (_at(ms).strftime("%Y-%m-%d %H:%M") for ms in run.span)
    args = {"name": run.rulebook.file.name, "mode": "backtest", "first": first, "last": last, "data": data}
    terminal.out(Text("run.begins", args))
    if run.data.synthetic:
        terminal.out(terminal.style(terminal.say(Text("run.synthetic")), "warning"))


def _mode(file: str, rulebook: Rulebook, asked: str | None) -> str:
    """The mode it runs in. Errors: UsageMistake for one that is bolder than the file's."""
    boldest = rulebook.file.mode
    mode = asked or boldest
    if _BOLDNESS.index(mode) > _BOLDNESS.index(boldest):
        raise UsageMistake(
            Text("run.bolder", {"path": file, "boldest": boldest, "mode": mode}), Text("run.bolder.help")
        )
    return mode


def _one_mode(modes: set[str]) -> str:
    """Errors: UsageMistake for several: simulated and real money are never one house."""
    if len(modes) > 1:
        raise UsageMistake(Text("run.modes", {"modes": ", ".join(sorted(modes))}), Text("run.modes.help"))
    return modes.pop()


def _need_no_backtest_options(mode: str, given: Mapping[str, object]) -> None:
    for option, value in given.items():
        if value:
            raise UsageMistake(Text("run.not_paper", {"option": option, "mode": mode}), Text("run.not_paper.help"))


def _at(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
