"""Rulebooks: the text of every strategy file that ever ran here, by the digest of its rules."""

from __future__ import annotations

from sqlalchemy import Table, UniqueConstraint

from karb_core.domain import canonical
from karb_core.ledger.columns import TABLES, Row, text, written_by

RULEBOOKS = Table(
    "rulebooks",
    TABLES,
    *written_by(),
    text("rules_digest"),
    text("source_digest"),
    text("source"),
    # Two files that differ in a comment have the same rules.
    UniqueConstraint("rules_digest", "source_digest"),
    info={"key": ("rules_digest", "source_digest"), "facts": ()},
)


def row(rules_digest: str, source: str) -> Row:
    return {"rules_digest": rules_digest, "source_digest": canonical.digest_of_text(source), "source": source}
