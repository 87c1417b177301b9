"""Strategy files that the tests write: the shipped one, edited."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shipped import kimp

EPOCH = "1700000000"


def write(path: str, *edits: tuple[str, str]) -> str:
    """The three-tier strategy with each edit made once; returns the path."""
    text = kimp()
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    Path(path).write_text(text, "utf-8")
    return path


def wrong(path: str = "wrong.yaml") -> str:
    """A unit left out, a misspelt gate, a rule left out, and a key set twice, under Korean text."""
    return write(
        path,
        ("sigma_floor: 0.05%", "sigma_floor: 0.05"),
        ("{use: gates.max_position, at: [entry]", "{id: 최대포지션, use: gates.max_positoin, at: [entry]"),
        ("  unhedged_for: 10s\n", ""),
        ("reserve: 5%\n", "reserve: 5%\nreserve: 6%\n"),
    )
