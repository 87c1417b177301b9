"""What `karb parity` shows on a terminal: the two results, what they differ by in sum, and every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from karb_core.cli.instants import instant
from karb_core.cli.terminal import Terminal, padded, width
from karb_core.domain.amount import Amount
from karb_core.rules.shown import shown
from karb_core.texts.text import Text
from karb_core.wiring.divergence.divergence import Divergence
from karb_core.wiring.divergence.row import Cause, Row, total
from karb_core.wiring.replaying import Came

_SHORT = 8  # karb: constant because so many letters of an id tell runs apart


class Explained(Protocol):
    """A difference that is told in rows."""

    @property
    def net(self) -> Amount: ...
    @property
    def rows(self) -> tuple[Row, ...]: ...
    @property
    def apart(self) -> Amount: ...
    @property
    def rest(self) -> Amount: ...
    @property
    def unexplained(self) -> tuple[Row, ...]: ...


def show(terminal: Terminal, found: Divergence) -> None:
    args = {
        "strategy": found.run.strategy, "mode": found.run.mode, "run": found.run.id[:_SHORT],
        "since": instant(found.span_ns[0]), "until": instant(found.span_ns[1]),
    }  # fmt: skip
    terminal.out(Text("parity.head", args))
    _replayed(terminal, found.came)
    terminal.out("")
    heads = ["", *(terminal.say(Text(key)) for key in ("parity.this_run", "parity.backtest", "parity.difference"))]
    mine, theirs = found.lots
    lots = [terminal.say(Text("parity.lots")), str(mine), str(theirs), f"{mine - theirs:+d}"]
    net = [terminal.say(Text("parity.net")), *map(money, (found.net, found.backtest_net, found.apart))]
    table(terminal, [heads, lots, net], right=(1, 2, 3))
    if not found.rows and not found.rest.value:
        return
    by_cause(terminal, found)
    terminal.out("")
    terminal.out(terminal.style(terminal.say(Text("parity.rows")), "note"))
    table(terminal, [row_told(terminal, row) for row in found.rows], right=(5,))


def _replayed(terminal: Terminal, came: Came) -> None:
    if came.other is None:
        terminal.out(Text("parity.same", {"count": came.decided}))
        return
    told = Text("parity.not_same", {"decided": came.decided, "count": came.apart})
    terminal.out(terminal.style(terminal.say(told), "error"))
    for difference in came.differences:
        terminal.out("  " + terminal.say(difference.said()))
    if came.parted is not None:
        terminal.out("  " + terminal.say(came.parted.said))


def by_cause(terminal: Terminal, found: Explained, *, of_runs: bool = False) -> None:
    """`of_runs`: the other one is no backtest."""
    terminal.out("")
    terminal.out(terminal.style(terminal.say(Text("parity.by_cause")), "note"))
    book, rows = found.net.asset, []
    for cause in Cause:
        mine = [row for row in found.rows if row.cause is cause]
        if mine:
            rows.append([f"  {cause_said(terminal, cause, of_runs=of_runs)}", str(len(mine)), money(total(mine, book))])
    if found.rest.value:
        rows.append([f"  {terminal.say(Text('parity.rest'))}", "", money(found.rest)])
    rows.append([f"  {terminal.say(Text('parity.sum'))}", str(len(found.rows)), money(found.apart)])
    table(terminal, rows, right=(1, 2))
    if not found.rest.value and not found.unexplained:
        terminal.out("  " + terminal.style(terminal.say(Text("parity.explained")), "good"))


def cause_said(terminal: Terminal, cause: Cause, *, of_runs: bool = False) -> str:
    if of_runs and cause is Cause.ONLY_BACKTEST:
        return terminal.say(Text("parity.cause.only_other"))
    return terminal.say(Text(f"parity.cause.{cause.value}"))


def row_told(terminal: Terminal, row: Row, *, of_runs: bool = False) -> list[str]:
    way = " ".join(each for each in (row.pair, row.tier, row.side) if each)
    leg = "" if row.instrument is None else row.instrument.text()
    why = terminal.style(terminal.say(Text("parity.unknown")), "error") if row.why is None else terminal.say(row.why)
    return [
        "",
        instant(row.at_ns),
        way,
        cause_said(terminal, row.cause, of_runs=of_runs),
        leg,
        money(row.amount),
        shown(why)[0],
    ]


def money(amount: Amount) -> str:
    return shown(amount.text())[0]


def table(terminal: Terminal, rows: Sequence[Sequence[str]], right: Sequence[int]) -> None:
    cells = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        told = [
            " " * (cells[at] - width(text)) + text if at in right else padded(text, cells[at])
            for at, text in enumerate(row)
        ]
        terminal.out("  ".join(told).rstrip())
