"""What `karb parity` tells as JSON, with every digit."""

from __future__ import annotations

from karb_core.cli.instants import instant
from karb_core.cli.terminal import Terminal
from karb_core.wiring.divergence.divergence import Divergence
from karb_core.wiring.divergence.row import Cause, Row, total
from karb_core.wiring.replaying import Came


def document(terminal: Terminal, found: Divergence) -> dict[str, object]:
    book = found.net.asset
    by_cause = {cause.value: [row for row in found.rows if row.cause is cause] for cause in Cause}
    return {
        "run": found.run.id,
        "strategy": found.run.strategy,
        "mode": found.run.mode,
        "from": instant(found.span_ns[0]),
        "until": instant(found.span_ns[1]),
        "digests": {
            "rules": found.run.rules_digest,
            "assumptions": found.backtest.assumptions_digest,
            "dataset": found.data,
        },
        "holds": found.holds,
        "replayed": _came_json(terminal, found.came),
        "lots": {"run": found.lots[0], "backtest": found.lots[1]},
        "net": {"run": found.net.text(), "backtest": found.backtest_net.text(), "difference": found.apart.text()},
        "causes": {cause: total(rows, book).text() for cause, rows in by_cause.items() if rows},
        "unexplained": {"rows": len(found.unexplained), "rest": found.rest.text()},
        "rows": [row_json(terminal, row) for row in found.rows],
    }


def _came_json(terminal: Terminal, came: Came) -> dict[str, object]:
    return {
        "decisions": came.decided,
        "differences": [terminal.say(difference.said()) for difference in came.differences],
        "parted": None if came.parted is None else terminal.say(came.parted.said),
    }


def row_json(terminal: Terminal, row: Row) -> dict[str, object]:
    return {
        "cause": row.cause.value,
        "pair": row.pair,
        "tier": row.tier,
        "side": row.side,
        "at": instant(row.at_ns),
        "instrument": None if row.instrument is None else row.instrument.text(),
        "amount": row.amount.text(),
        "why": None if row.why is None else terminal.say(row.why),
    }
