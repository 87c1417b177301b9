"""A ledger's rows as text files, one for each table: exact decimals stay the text they are."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection, Select, Table, select

from karb_core.errors import UsageMistake
from karb_core.ledger import version
from karb_core.ledger.columns import Row
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import RUNS
from karb_core.texts.text import Text

_AT_ONCE = 1000  # rows fetched together; nothing that is written depends on it


def need_empty(folder: str) -> Path:
    """The folder, made if it is not there. Errors: `UsageMistake` for one that has something in it, or cannot be."""
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        if any(place.iterdir()):
            raise UsageMistake(Text("export.not_empty", {"folder": folder}), Text("export.not_empty_help"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageMistake(Text("export.no_folder", {"folder": folder, "why": why})) from error
    return place


def export(ledger: Ledger, folder: Path, *, as_json: bool) -> dict[str, int]:
    """How many rows each file got, by its name: UTF-8, rows in the order of writing, of one state of the ledger.

    as_json: a line of JSON for each row, else CSV with a head, where nothing and no text look the same.
    Errors: `UsageMistake` if the disk does not take it, `LedgerUnusable` if the ledger cannot be read.
    """
    written = {}
    with ledger.reading() as connection:
        for table in version.tables(ledger.version):
            path = folder / f"{table.name}.{'jsonl' if as_json else 'csv'}"
            try:
                with path.open("x", encoding="utf-8", newline="") as file:
                    write = _json_lines if as_json else _csv
                    written[path.name] = write(file, table.columns.keys(), _rows(connection, table))
            except OSError as error:
                said = {"folder": str(folder), "why": error.strerror or str(error)}
                raise UsageMistake(Text("export.no_folder", said)) from error
    return written


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    for row in connection.execute(_asked(table).execution_options(yield_per=_AT_ONCE)).mappings():
        yield dict(row)


def _asked(table: Table) -> Select[tuple[object, ...]]:
    keys = list(table.primary_key.columns.values())
    if "ordinal" not in table.c:
        return select(table).order_by(*keys)
    # A row of no run is exported too, after the others.
    both = table.outerjoin(RUNS, RUNS.c.run_id == table.c.run_id)
    return select(table).select_from(both).order_by(RUNS.c.number.is_(None), RUNS.c.number, *keys)


def _csv(file: TextIO, names: list[str], rows: Iterable[Row]) -> int:
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(names)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - it is the count
        lines.writerow([_plain(row[name]) for name in names])
    return count


def _json_lines(file: TextIO, names: list[str], rows: Iterable[Row]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - it is the count
        file.write(json.dumps({name: row[name] for name in names}, ensure_ascii=False) + "\n")
    return count


def _plain(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
