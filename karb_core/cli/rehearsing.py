"""What a rehearsal needs of a strategy: its rules, the data it is warmed up with, and venues to trade at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import OpensUnder
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.ports import Play, Rehearsed, Setting
    from karb_core.wiring.market_data import MarketData

_SHIPPED = Path("datasets") / "sample.yaml"


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """One strategy over one dataset, read once, for as many rehearsals as somebody asks for."""

    rulebook: Rulebook
    given: MarketData
    venues: OpensUnder

    @classmethod
    def of(cls, terminal: Terminal, file: str, data: str | None) -> Rehearsing:
        """Errors: as `rulebook_of`; UsageMistake where no dataset is named and none found; DataUnusable;
        PluginUnusable where what simulates fills knows no depth."""
        from karb_core.history.span import Span
        from karb_core.rulebook.dataset_check import dataset_of
        from karb_core.wiring.market_data import market_data

        rulebook = rulebook_of(terminal, file)
        dataset = dataset_of(data or _dataset(file, rulebook), Catalogue.installed())
        return cls(rulebook, market_data(rulebook, dataset, Span(None, None)), _venues(rulebook))

    def rehearse(self, put_on: Callable[[Setting], Play]) -> Rehearsed:
        from karb_core.wiring.rehearsal import rehearse

        return rehearse(self.rulebook, self.given, put_on, self.venues.under)


def named_dataset(file: str, rulebook: Rulebook) -> str | None:
    """The dataset that the file's own feed names, relative to the file."""
    for seat in rulebook.seats_of("feeds"):
        named = getattr(seat.params, "file", None)
        if isinstance(named, str):
            return str(Path(file).parent / named)
    return None


def _dataset(file: str, rulebook: Rulebook) -> str:
    """The file's own; else the shipped one, beside the file's folder or the folder we are in."""
    named = named_dataset(file, rulebook)
    if named is not None:
        return named
    for folder in (Path(file).parent.parent, Path()):
        if (folder / _SHIPPED).is_file():
            return str(folder / _SHIPPED)
    raise UsageMistake(Text("rehearse.no_data"), Text("run.no_data.help"))


def _venues(rulebook: Rulebook) -> OpensUnder:
    """Of the plugin that the file's own `simulate:` names."""
    uses = [seat.use for seat in rulebook.seats_of("simulate")]
    plugins = dict.fromkeys(use.partition(".")[0] for use in uses)
    for offer in Catalogue.installed().offers(plugins):
        if offer.port == "executor" and isinstance(offer.component, OpensUnder):
            return offer.component
    raise PluginUnusable(Text("rehearse.no_depth", {"uses": ", ".join(uses) or "none"}))
