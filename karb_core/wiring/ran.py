"""What a ledger knows of one run, for whoever holds it against another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karb_core.domain.decisions import Cited
from karb_core.ledger import reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Lived, Run
from karb_core.ports.ran import Decided, Ran, Stated
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.canonical import digest
from karb_core.rules.roles import Role
from karb_core.wiring.cites import Cites
from karb_core.wiring.kept_lots import kept_lots, trades_by_book


def ran_of(ledger: Ledger, lived: Lived, rules: Rulebook) -> Ran:
    """`rules`: those it ran by; assumptions that are not its own are left out. Errors: `LedgerUnusable`."""
    run = lived.run
    mine = Whose(run.account, run_id=run.id)
    own = {lot.id for lot in reading.opened_lots(ledger, mine)}
    kept = kept_lots(ledger, Whose.of(run))
    trades, _ = trades_by_book(tuple(one for one in kept.closed if one.lot.id in own))
    digests = {"rules": run.rules_digest, "assumptions": run.assumptions_digest}
    if run.dataset_digest is not None:
        digests["dataset"] = run.dataset_digest
    return Ran(
        run=run.id,
        strategy=run.strategy,
        mode=run.mode,
        began_ns=lived.started_at_ns if run.from_ns is None else run.from_ns,
        ended_ns=lived.ended_at_ns if run.until_ns is None else run.until_ns,
        lines=_lines(rules, run),
        digests=digests,
        decisions=tuple(_decided(each) for each in reading.decisions(ledger, mine)),
        trades={book: tuple(ended) for book, ended in trades.items()},
        open_lots=tuple(lot for lot in kept.open if lot.id in own),
    )


def _lines(rules: Rulebook, run: Run) -> dict[str, Stated]:
    assumes = rules.digests.assumptions == run.assumptions_digest
    cites = Cites(rules)
    return {
        line.pointer: Stated(cites.of_file(line.pointer), digest(line.value), line.role is Role.ASSUMPTION)
        for line in rules.lines
        if line.pointer != "/about" and (line.ruled or (assumes and line.role is Role.ASSUMPTION))
    }


def _decided(decision: Written) -> Decided:
    told = decision.document()
    by = tuple(Cited(**each) for each in told["cited"])
    return Decided(
        kind=decision.kind,
        pair=decision.pair,
        side=decision.side,
        tier=decision.tier,
        cause=decision.cause,
        at_ns=decision.first_at_ns,
        until_ns=decision.last_at_ns,
        times=decision.times,
        by=by,
        denied=tuple(_denied(each, by) for each in told["denied"]),
        legs=decision.legs(),
        lot_ids=tuple(told["lot_ids"]),
    )


def _denied(told: Mapping[str, Any], by: tuple[Cited, ...]) -> Cited:
    """Edge: what is no line of the file (a halt) has line 0 and nothing written."""
    return next((cited for cited in by if cited.rule == told["rule"]), Cited(str(told["rule"]), "", 0, ""))
