"""Opening a strategy file's points for a command: the file checked, its data read, the place for what was found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from karb_core.cli.ledger_place import home_file
from karb_core.cli.period import period
from karb_core.cli.rehearsing import named_dataset
from karb_core.errors import UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Asked, KeptPoints, Points, Where
from karb_core.rulebook.check import check_document
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import read_source
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.cli.terminal import Terminal

_STORE = "sweeps.sqlite"


def points_of(terminal: Terminal, file: str, asked: Asked, where: Where) -> Points:
    """Errors: as `karb check` ends; UsageMistake where no dataset is named; DataUnusable."""
    from karb_core.cli.reading import rulebook_in
    from karb_core.history.span import Span
    from karb_core.rulebook.dataset_check import dataset_of
    from karb_core.wiring.points import open_points

    document, catalogue = read(read_source(file)), Catalogue.installed()
    rulebook = rulebook_in(terminal, check_document(document, catalogue), file)
    dataset = asked.data or named_dataset(file, rulebook)
    if dataset is None:
        raise UsageMistake(Text("run.no_data"), Text("run.no_data.help"))
    described = dataset_of(dataset, catalogue)
    return open_points(document, rulebook, described, Span(*period(asked.since, asked.until)), where)


@contextmanager
def kept_points(where: str | None) -> Iterator[KeptPoints]:
    """By the path of a file or by URL; `sweeps.sqlite` in KARB_HOME where None. Errors: LedgerUnusable."""
    from karb_core.ledger.kept_points import open_point_store

    store = open_point_store(where or home_file(_STORE))
    try:
        yield store
    finally:
        store.close()
