"""Where the rules of a desk that runs are written, and how they are read while it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from karb_core.errors import StrategyInvalid, UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source, read_source
from karb_core.texts.text import Said, Text


def _as_they_are(rulebook: Rulebook) -> Rulebook:
    return rulebook


@dataclass(frozen=True, slots=True)
class RulesFile:
    """`catalogue`: the plugins that read it; `there`: the same rules at the venues of this run."""

    path: str
    catalogue: Callable[[], Catalogue] = Catalogue.installed
    there: Callable[[Rulebook], Rulebook] = _as_they_are

    def source(self) -> Source | Said:
        """Or why it cannot be read, in one sentence."""
        try:
            return read_source(self.path)
        except (UsageMistake, StrategyInvalid) as e:
            return e.said

    def rulebook(self, source: Source) -> Rulebook | Said:
        """Or the first thing that is wrong with it, with its place."""
        checked = check(source, self.catalogue())
        if checked.rulebook is not None and not checked.errors:
            return checked.rulebook
        first = checked.errors[0]
        place = f"{source.name}:{first.mark.line}:{first.mark.column}"
        return Text("reload.wrong", {"place": place, "code": first.code, "said": first.said})
