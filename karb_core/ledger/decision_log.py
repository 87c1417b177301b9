"""The decisions of a run as bytes: equal runs have equal bytes, wherever and whenever they ran."""

from __future__ import annotations

from karb_core.domain import canonical
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, decisions
from karb_core.ledger.runs import Run


def decision_log_bytes(ledger: Ledger, run: Run) -> bytes:
    """UTF-8, one line of canonical JSON for each decision, in the order in which they were written.

    A refusal that went on is followed by a line `{"last_at_ns":...,"times":...}`. No row id, no run id, no wall clock.
    """
    lines: list[str] = []
    for decision in decisions(ledger, Whose(run.account, run_id=run.id)):
        lines.append(decision.text)
        if decision.times > 1:
            lines.append(canonical.to_json({"last_at_ns": decision.last_at_ns, "times": decision.times}))
    return "".join(f"{line}\n" for line in lines).encode("utf-8")
