"""A comparison file carried out: each strategy file once, then the sets that it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from karb_core.errors import StrategyInvalid
from karb_core.ports import App, Asked
from karb_core.texts.text import Words
from karb_research.compared import Compared, compared
from karb_research.comparison_file import ComparisonFile
from karb_research.entrant import entrants
from karb_research.places import beside


def comparing(
    app: App, path: str, file: ComparisonFile, ledger: str | None, *, progress: bool
) -> Mapping[str, Compared]:
    """By set, in the file's order; within one, files are called by their words. Errors: StrategyInvalid for a set of one."""
    for name, named in file.sets.items():
        if len(named) < 2:  # karb: constant because one alone cannot be compared
            en, ko = f"sets.{name}: one file alone cannot be compared", f"sets.{name}: 파일 하나로는 비교할 수 없습니다"
            raise StrategyInvalid(Words(f"{path}: {en}", f"{path}: {ko}"))
    since, until = (None if day is None else day.isoformat() for day in (file.from_, file.to))
    asked = Asked(None if file.data is None else beside(path, file.data), since, until, ledger)
    places = list(dict.fromkeys(place for named in file.sets.values() for place in named.values()))
    carried = entrants(app, [beside(path, place) for place in places], asked, progress=progress)
    found = dict(zip(places, carried, strict=True))
    return {
        name: compared([replace(found[place], name=word) for word, place in named.items()])
        for name, named in file.sets.items()
    }
