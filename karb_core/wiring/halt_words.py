"""A halt as whoever can write a line says it: a strength, or none, and the reason."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from karb_core.domain.halt import Halt

MOST_BYTES = 1000  # karb: constant because it bounds how many bytes of a reason are read
_SHOWN = 200  # karb: constant because it cuts a shown text
_STRENGTHS = {each.word: each for each in Halt if each}


def halt_words(told: bytes, place: str) -> tuple[Halt, str]:
    """Shape: `flatten: the venue is being robbed`. The reason begins with the place where it was said.

    Edge: whatever has no strength in front stops entries.
    """
    words = _text(told).split()
    strength = _STRENGTHS.get(words[0].rstrip(":,.").lower()) if words else None
    reason = " ".join(words if strength is None else words[1:])[:_SHOWN]
    return strength or Halt.NO_ENTRIES, f"{place}: {reason}" if reason else place


def _text(told: bytes) -> str:
    """As editors and shells write it: Windows' PowerShell in UTF-16."""
    wide = told.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return told.decode("utf-16" if wide else "utf-8-sig", errors="replace")
