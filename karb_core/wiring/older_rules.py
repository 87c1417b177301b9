"""The rules that open lots were opened with, read again as they were written, by the plugins of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.ledger import folds, reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import render
from karb_core.wiring.kept_rules import kept_rules

_SHORT = 8  # karb: constant because so many letters tell two sets of rules apart for people


@dataclass(frozen=True, slots=True)
class OlderRules:
    """By digest. `unread`: why today's plugins cannot read those, in one sentence."""

    read: Mapping[str, Rulebook]
    unread: Mapping[str, str]

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        pairs = [pair for rulebook in self.read.values() for pair in rulebook.file.pairs.values()]
        return tuple(dict.fromkeys(i for pair in pairs for i in (pair.near, pair.far)))


def open_lots(ledger: Ledger, whose: Whose) -> tuple[Lot, ...]:
    """Errors: `LedgerUnusable`."""
    fills, incomes = list(reading.fills(ledger, whose)), list(reading.incomes(ledger, whose))
    lots = folds.lots(reading.opened_lots(ledger, whose), fills, incomes)
    return tuple(lot for lot in lots.values() if not lot.flat)


def older_rules(ledger: Ledger, whose: Whose, in_force: str, name: str) -> OlderRules:
    """Of every lot that is open and was opened by other rules than those in force. `name`: the file's, for its lines.

    Errors: `LedgerUnusable`.
    """
    # Most often no lot was ever opened by others: then nothing is folded for it.
    if all(lot.rules_digest == in_force for lot in reading.opened_lots(ledger, whose)):
        return OlderRules({}, {})
    digests = dict.fromkeys(lot.rules_digest for lot in open_lots(ledger, whose))
    return read_rules(ledger, [digest for digest in digests if digest != in_force], name)


def read_rules(ledger: Ledger, digests: Iterable[str], name: str) -> OlderRules:
    """Those of the ledger, in this order. `name`: as for `older_rules`. Errors: `LedgerUnusable`."""
    read: dict[str, Rulebook] = {}
    unread: dict[str, str] = {}
    for digest in digests:
        checked = kept_rules(ledger, digest, f"{name}@{digest.removeprefix('sha256:')[:_SHORT]}")
        if checked is None:
            unread[digest] = "their text is not in the ledger"
        elif checked.rulebook is None or checked.errors:
            unread[digest] = render(checked.errors[0].said) if checked.errors else "they cannot be read"
        elif checked.rulebook.digests.rules != digest:
            unread[digest] = "today's plugins read them as other rules"
        else:
            read[digest] = checked.rulebook
    return OlderRules(read, unread)
