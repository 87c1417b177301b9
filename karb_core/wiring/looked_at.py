"""What a run last looked at, of one pair, at a time: read back from its journal, and its lots from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karb_core.domain.lots import Lot
from karb_core.ledger import folds
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, fills, incomes, opened_lots
from karb_core.ledger.runs import Run
from karb_core.ports import Moment, Standing
from karb_core.wiring.journal_line import Recorded, moment_of
from karb_core.wiring.journal_lines import damaged, journal_lines
from karb_core.wiring.recorder import journal_folder


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The last moment of the pair at or before a time, where the pair stood then, and when its next moment was.

    moment: None where nothing was looked at until then; next_ns: None where the run ended before another.
    """

    moment: Moment | None
    standing: Standing
    next_ns: int | None


def looked_at(ledger: Ledger, run: Run, pair: str, at_ns: int) -> LookedAt:
    """Errors: LedgerUnusable for a journal that is not there, or damaged."""
    folder = journal_folder(ledger.name, run.id)
    last: Recorded | None = None
    next_ns: int | None = None
    for told in journal_lines(folder):
        if told["is"] != "moment" or told["pair"] != pair:
            continue
        if told["at_ns"] > at_ns:
            next_ns = told["at_ns"]
            break
        last = _recorded(told, folder)
    if last is None:
        return LookedAt(None, Standing(), next_ns)
    return LookedAt(last.moment, standing_at(ledger, run, last), next_ns)


def _recorded(told: Mapping[str, Any], path: Path) -> Recorded:
    try:
        return moment_of(told)
    except (KeyError, TypeError, ValueError, ArithmeticError) as e:
        raise damaged(path) from e


def standing_at(ledger: Ledger, run: Run, recorded: Recorded) -> Standing:
    """Where the pair stood at a recorded moment. Errors: LedgerUnusable."""
    lots = _lots_before(ledger, run, recorded.moment.at_ns) if recorded.lot_ids else {}
    open_ = tuple(lots[lot_id] for lot_id in recorded.lot_ids if lot_id in lots)
    return Standing(open_, recorded.fired, recorded.reminded)


def _lots_before(ledger: Ledger, run: Run, at_ns: int) -> dict[str, Lot]:
    """Lots as they stood when that moment was judged: what its own orders traded came after.

    A venue's settlements and forced closes of that very time are told before a moment is judged.
    """
    whose = Whose(run.account)
    traded = (
        shared
        for shared in fills(ledger, whose)
        if shared[0].received_at_ns < at_ns
        or (shared[0].received_at_ns == at_ns and not shared[0].order_id.startswith("karb-"))
    )
    paid = (booked for booked in incomes(ledger, whose) if booked.at_ns <= at_ns)
    return folds.lots(opened_lots(ledger, whose), traded, paid)
