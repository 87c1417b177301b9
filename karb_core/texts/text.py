"""A sentence that karb can say in the owner's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

LANGUAGES = ("en", "ko")
SUBJECTS = (
    "reading",
    "values",
    "review",
    "plugins",
    "commands",
    "runs",
    "datasets",
    "ledger",
    "desks",
    "live",
    "keys",
    "divergence",
    "serving",
    "halts",
    "reload",
)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence of karb's own: a key of this room's tables, and what fills its places."""

    key: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence of a plugin author's; Korean falls back to English."""

    en: str
    ko: str = ""


Said = Text | Words


def render(said: Said, lang: str = "en") -> str:
    """The sentence in `lang`; arguments that are sentences themselves are rendered too.

    Errors: KeyError for an unknown key or a missing argument; a test holds the tables complete.
    """
    if isinstance(said, Words):
        return said.ko or said.en if lang == "ko" else said.en
    args = {k: render(v, lang) if isinstance(v, Text | Words) else v for k, v in said.args.items()}
    return templates()[said.key][LANGUAGES.index(lang)].format(**args)


@cache
def templates() -> Mapping[str, tuple[str, str]]:
    """Every sentence, unfilled, in both languages."""
    tables = (import_module(f"karb_core.texts.{subject}").TEXTS for subject in SUBJECTS)
    return {key: both for table in tables for key, both in table.items()}
