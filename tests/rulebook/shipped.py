"""The shipped files, edited; and where a thing stands in a text, found by searching for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import Checked, check
from karb_core.rulebook.source import Source

STRATEGIES = Path(__file__).parents[2] / "strategies"
NAMES = (
    "canary",
    "cash_and_carry",
    "kimp_multi_timeframe",
    "kimp_simple",
    "kimp_threshold",
    "kimp_threshold_carry",
    "kimp_tiered",
    "kimp_tiered_1h",
    "kimp_zscore",
    "quickstart",
)


@cache
def shipped(name: str = "kimp_tiered") -> str:
    return (STRATEGIES / f"{name}.yaml").read_text("utf-8")


@cache
def installed() -> Catalogue:
    return Catalogue.installed()


def edited(*edits: tuple[str, str], of: str = "kimp_tiered") -> str:
    """The shipped text with each `old` (once in it) replaced by `new`."""
    text = shipped(of)
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {of}"
        text = text.replace(old, new)
    return text


def checked(text: str) -> Checked:
    return check(Source.of_text(text, "kimp.yaml"), installed())


def place(text: str, marked: str) -> tuple[int, int]:
    """Line and column of the `^` in `marked`, which without it stands once in the text."""
    words = marked.replace("^", "")
    assert text.count(words) == 1, f"{words!r} stands {text.count(words)} times"
    at = text.index(words) + marked.index("^")
    return text[:at].count("\n") + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def section(text: str, first: str, last: str) -> str:
    """From the line that begins with `first` up to the one that begins with `last`."""
    return text[text.index(f"\n{first}") + 1 : text.index(f"\n{last}") + 1]
