"""What was decided and carried out before a kill, and never told: the kill came between the two."""

from __future__ import annotations

from karb_core.domain.decisions import DecisionKind, SeenValue
from karb_core.ledger import notices, reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.notices import NOTICES
from karb_core.ledger.reading import Whose
from karb_core.ports import Notice, NoticeKind

_KINDS = {DecisionKind.ENTRY: NoticeKind.ENTRY, DecisionKind.EXIT: NoticeKind.EXIT}
_WHY = "told late: karb was ended before it could tell"


def untold(ledger: Ledger, whose: Whose, run_id: str) -> list[Notice]:
    """Entries and exits of the run before this one that no notice of it tells. Errors: `LedgerUnusable`.

    Edge: a run that came to its end told everything; of runs before the last, whoever came next has told.
    """
    mine = [each for each in reading.lived(ledger) if Whose.of(each.run) == whose and each.run.id != run_id]
    if not mine or mine[-1].ended is not None:
        return []
    last = Whose(whose.account, whose.strategy, mine[-1].run.id)
    told = {(each.kind, each.pair, each.at_ns) for each in map(notices.read, last.rows(ledger, NOTICES))}
    late = []
    for decision in reading.decisions(ledger, last):
        kind = _KINDS.get(decision.kind)
        if kind is not None and (kind, decision.pair, decision.first_at_ns) not in told:
            facts: dict[str, SeenValue] = {"side": decision.side, "tier": decision.tier, "why": _WHY}
            late.append(Notice(kind, decision.first_at_ns, decision.pair, mine[-1].run.mode, facts))
    return late
