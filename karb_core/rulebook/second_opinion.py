"""The published JSON Schema, asked after the models: they must agree on every file that karb accepts."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reader import Document
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.schema import strategy_schema
from karb_core.texts.text import Text


def second_opinion(document: Document, rulebook: Rulebook) -> Iterator[Finding]:
    """K900 where the schema of the named components refuses what their models took: a mistake of karb's or of the
    plugin's author, never the owner's."""
    from jsonschema import Draft202012Validator

    named = {seat.use: seat.offer for seat in rulebook.all_seats()}
    for error in Draft202012Validator(strategy_schema(named.values())).iter_errors(document.data):
        path = tuple(error.absolute_path)
        seat = next((s for s in rulebook.all_seats() if path[: len(s.path)] == s.path), None)
        said = Text("schema.disagrees", {"who": seat.use if seat else "karb", "message": error.message[:200]})
        yield Finding("K900", said, document.mark(path), Text("schema.disagrees.help"))
