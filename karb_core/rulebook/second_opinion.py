"""The published JSON Schema, asked after the models: they must agree on every file that karb accepts.

A stranger's component is asked about at each check. That ours agree is shown before a release, over random edits of
every shipped file (docs/decisions/0007): asking again could find nothing, and importing jsonschema is slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from karb_core.plugin.offer import Offer
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reader import Document
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.schema import strategy_schema
from karb_core.texts.text import Text


def second_opinion(document: Document, rulebook: Rulebook) -> Iterator[Finding]:
    """K900 where the schema of the named components refuses what their models took: a mistake of karb's or of the
    plugin's author, never the owner's."""
    named = frozenset(seat.offer for seat in rulebook.all_seats())
    for error in _validator(named).iter_errors(document.data):
        path = tuple(error.absolute_path)
        seat = next((s for s in rulebook.all_seats() if path[: len(s.path)] == s.path), None)
        # karb: constant because it cuts a shown text
        said = Text("schema.disagrees", {"who": seat.use if seat else "karb", "message": error.message[:200]})
        yield Finding("K900", said, document.mark(path), Text("schema.disagrees.help"))


@lru_cache(maxsize=16)  # karb: constant because it bounds how many schemas are kept, not what they say
def _validator(offers: frozenset[Offer]) -> Any:
    # Composing a schema costs more than all the rest of a check: files checked one after another share theirs.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(strategy_schema(offers))
