"""What can be asked of a run of what it did, or did not do, at one moment: by its ledger and its journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from karb_core.domain.decisions import DecisionKind
from karb_core.domain.halt import Halt
from karb_core.ledger import reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.halts import Halted
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.rulebook.rulebook import Rulebook
from karb_core.wiring.explain import Why, why
from karb_core.wiring.journal_line import Recorded, moment_of
from karb_core.wiring.journal_lines import damaged, journal_lines
from karb_core.wiring.looked_at import LookedAt, standing_at
from karb_core.wiring.recorder import journal_folder, segments
from karb_core.wiring.standing_halts import not_resumed

Moments = Iterable[tuple[str, int]]


@dataclass(slots=True)
class AskedRun:
    """One run. judged: by pair, the moments that it judged. `remembers` reads moments that are asked about.

    stopped: by the close of a bar, what stopped it then and is in no ledger.
    """

    ledger: Ledger
    run: Run
    rulebook: Rulebook
    stopped: Mapping[int, Halt] = field(default_factory=dict)
    judged: dict[str, set[int]] = field(init=False, default_factory=dict)
    decided: tuple[Written, ...] = field(init=False)
    halts: tuple[Halted, ...] = field(init=False)
    _moments: dict[tuple[str, int], Recorded] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        mine = Whose(self.run.account, run_id=self.run.id)
        self.decided = tuple(reading.decisions(self.ledger, mine))
        self.halts = tuple(reading.halts(self.ledger, Whose.of(self.run)))
        for told in self._lines():
            self.judged.setdefault(told["pair"], set()).add(told["at_ns"])

    @property
    def began_ns(self) -> int | None:
        """When it judged first, of any pair; None where it never did."""
        return min((at_ns for times in self.judged.values() for at_ns in times), default=None)

    def remembers(self, moments: Moments) -> None:
        """Errors: `LedgerUnusable` for a journal that is damaged."""
        wanted = set(moments)
        for told in self._lines():
            if (told["pair"], told["at_ns"]) in wanted:
                self._moments[told["pair"], told["at_ns"]] = self._recorded(told)

    def has_judged(self, pair: str, at_ns: int) -> bool:
        return at_ns in self.judged.get(pair, ())

    def entered(self, pair: str, side: str, at_ns: int) -> Written | None:
        """The entry that was decided then, whatever came of it."""
        return self._at(DecisionKind.ENTRY, pair, at_ns, lambda d: d.side == side)

    def left(self, pair: str, lot_id: str, at_ns: int) -> Written | None:
        """The way out of a lot that was decided then, whatever came of it."""
        return self._at(DecisionKind.EXIT, pair, at_ns, lambda d: lot_id in d.document()["lot_ids"])

    def refused(self, pair: str, side: str, tier: str | None, lot_id: str | None, at_ns: int) -> Written | None:
        """The refusal that went on then, of an entry of this side and tier, or of the way out of a lot."""

        def is_it(d: Written) -> bool:
            lots = d.document()["lot_ids"]
            return lot_id in lots if lot_id is not None else not lots and (d.side, d.tier) == (side, tier)

        return self._at(DecisionKind.REFUSAL, pair, at_ns, is_it)

    def halted(self, at_ns: int) -> Halted | None:
        """What stopped entries then."""
        stands = not_resumed(halt for halt in self.halts if halt.at_ns <= at_ns)
        return next((halt for halt in stands if Halt.read(halt.strength) is not Halt.NONE), None)

    def moment(self, pair: str, at_ns: int) -> tuple[LookedAt, Why] | None:
        """What it saw and how far each bound was; None where it judged no such row, or was not told to remember it."""
        recorded = self._moments.get((pair, at_ns))
        if recorded is None:
            return None
        looked = LookedAt(recorded.moment, standing_at(self.ledger, self.run, recorded), None)
        return looked, why(looked, recorded.moment, self.rulebook)

    def _at(self, kind: DecisionKind, pair: str, at_ns: int, is_it: Any) -> Written | None:
        return next(
            (
                d
                for d in self.decided
                if d.kind is kind and d.pair == pair and d.first_at_ns <= at_ns <= d.last_at_ns and is_it(d)
            ),
            None,
        )

    def _lines(self) -> Iterable[Mapping[str, Any]]:
        folder = journal_folder(self.ledger.name, self.run.id)
        if not segments(folder):
            return ()  # a run over data that judged nothing wrote no file
        return (told for told in journal_lines(folder) if told["is"] == "moment")

    def _recorded(self, told: Mapping[str, Any]) -> Recorded:
        try:
            return moment_of(told)
        except (KeyError, TypeError, ValueError, ArithmeticError) as e:
            raise damaged(journal_folder(self.ledger.name, self.run.id)) from e
