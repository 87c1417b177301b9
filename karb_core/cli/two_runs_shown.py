"""What `karb parity --against` shows: two runs' results, what they differ by in sum, and every row; as text or as JSON."""

from __future__ import annotations

from decimal import Decimal

from karb_core.cli.instants import instant
from karb_core.cli.parity_json import row_json
from karb_core.cli.parity_text import by_cause, money, row_told, table
from karb_core.cli.terminal import Terminal
from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.texts.text import Text
from karb_core.wiring.divergence.row import Cause, total
from karb_core.wiring.divergence.two_runs import TwoRuns

_SHORT = 8  # karb: constant because so many letters of an id tell runs apart
_HUNDRED = Decimal(100)
_SHOWN = Decimal("0.0001")  # karb: constant because a part is shown to a hundredth of a percent


def part_of(found: TwoRuns) -> Decimal | None:
    """The difference beside what the premium brought the run that it brought more; None where it brought nothing."""
    most = max(amount.value for amount in found.captured)
    return exact.divide(exact.absolute(found.apart.value), most, _SHOWN, Rounding.HALF_EVEN) if most else None


def show(terminal: Terminal, found: TwoRuns) -> None:
    args = {
        "strategy": found.run.strategy, "mode": found.run.mode, "run": found.run.id[:_SHORT],
        "other_mode": found.other.mode, "other": found.other.id[:_SHORT],
        "since": instant(found.span_ns[0]), "until": instant(found.span_ns[1]),
    }  # fmt: skip
    terminal.out(Text("parity.head.run", args))
    terminal.out("")
    heads = ["", *(terminal.say(Text(key)) for key in ("parity.this_run", "parity.other_run", "parity.difference"))]
    mine, theirs = found.lots
    lots = [terminal.say(Text("parity.lots")), str(mine), str(theirs), f"{mine - theirs:+d}"]
    net = [terminal.say(Text("parity.net")), *map(money, (found.net, found.other_net, found.apart))]
    captured = [terminal.say(Text("parity.captured")), *map(money, found.captured), ""]
    table(terminal, [heads, lots, net, captured], right=(1, 2, 3))
    part = part_of(found)
    if part is not None:
        terminal.out(Text("parity.part", {"part": f"{exact.text(exact.mul(part, _HUNDRED))} %"}))
    if found.rows or found.rest.value:
        by_cause(terminal, found, of_runs=True)
        terminal.out("")
        terminal.out(terminal.style(terminal.say(Text("parity.rows")), "note"))
        table(terminal, [row_told(terminal, row, of_runs=True) for row in found.rows], right=(5,))


def document(terminal: Terminal, found: TwoRuns) -> dict[str, object]:
    book, part = found.net.asset, part_of(found)
    by = {cause.value: [row for row in found.rows if row.cause is cause] for cause in Cause}
    return {
        "run": found.run.id,
        "other": found.other.id,
        "strategy": found.run.strategy,
        "modes": {"run": found.run.mode, "other": found.other.mode},
        "from": instant(found.span_ns[0]),
        "until": instant(found.span_ns[1]),
        "holds": found.holds,
        "lots": {"run": found.lots[0], "other": found.lots[1]},
        "net": {"run": found.net.text(), "other": found.other_net.text(), "difference": found.apart.text()},
        "captured": {"run": found.captured[0].text(), "other": found.captured[1].text()},
        "part": None if part is None else exact.text(part),
        "causes": {cause: total(rows, book).text() for cause, rows in by.items() if rows},
        "unexplained": {"rows": len(found.unexplained), "rest": found.rest.text()},
        "rows": [row_json(terminal, row) for row in found.rows],
    }
