"""Opening a strategy file's points for a command: the file checked, its data read, the place for what was found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from karb_core.cli.ledger_place import home_file
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Asked, KeptPoints, Points, Where
from karb_core.rulebook.check import check_document
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import read_source

if TYPE_CHECKING:
    from karb_core.cli.terminal import Terminal

_STORE = "sweeps.sqlite"


def points_of(terminal: Terminal, file: str, asked: Asked, where: Where) -> Points:
    """Errors: as `karb check` ends; UsageMistake where no dataset is named; DataUnusable."""
    from karb_core.cli.backtesting import named
    from karb_core.cli.reading import rulebook_in
    from karb_core.wiring.crew import Crew

    document, catalogue = read(read_source(file)), Catalogue.installed()
    rulebook = rulebook_in(terminal, check_document(document, catalogue), file)
    dataset, span = named(file, rulebook, asked)
    crew = Crew(document, dataset, span)
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(crew.end)  # while Python ends it would be too late: its pool's pipes may be gone by then
    if where.cluster is None:
        crew.begin(where.cores)
    from karb_core.wiring.points import open_points  # it takes a while: others begin meanwhile

    return open_points(document, rulebook, dataset, span, where, crew)


@contextmanager
def kept_points(where: str | None) -> Iterator[KeptPoints]:
    """By the path of a file or by URL; `sweeps.sqlite` in KARB_HOME where None. Errors: LedgerUnusable."""
    from karb_core.ledger.kept_points import open_point_store

    store = open_point_store(where or home_file(_STORE))
    try:
        yield store
    finally:
        store.close()
