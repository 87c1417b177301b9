"""One file that is to be run."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.ports import LocalVenues
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.local_venues import localised
from karb_core.wiring.rules_file import RulesFile


@dataclass(frozen=True, slots=True)
class ToRun:
    """`only_leaves`: why the file itself cannot be used, where the rules are those that it ran by last."""

    path: str
    rulebook: Rulebook
    only_leaves: Text | None = None

    def file(self, local: LocalVenues | None) -> RulesFile:
        """Where its rules are looked at while it runs. `local`: where the venues are, None for the real ones."""
        if local is None:
            return RulesFile(self.path)
        return RulesFile(self.path, there=lambda rulebook: localised(rulebook, local.addresses))
