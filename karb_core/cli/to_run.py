"""One file that is to be run."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text


@dataclass(frozen=True, slots=True)
class ToRun:
    """`only_leaves`: why the file itself cannot be used, where the rules are those that it ran by last."""

    path: str
    rulebook: Rulebook
    only_leaves: Text | None = None
