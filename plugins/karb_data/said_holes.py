"""Holes in the owner's words."""

from __future__ import annotations

from karb_core.domain.instant import to_text
from karb_core.history.holes import Hole
from karb_core.texts.text import Words
from karb_data.missing import BEFORE, NOT_RUNNING, NOT_TOLD, QUIET, WANTED

_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
_KOREAN = {
    NOT_RUNNING: "karb가 기록하고 있지 않았습니다",
    BEFORE: "기록을 시작하기 전입니다",
    NOT_TOLD: "거래소에 이 기간의 것이 없습니다",
    QUIET: "아무것도 오지 않았습니다",
    WANTED: "요청한 기간입니다",
}


def hole_said(hole: Hole) -> Words:
    """One line, when a hole began or ended."""
    since, why = to_text(hole.from_ms * _MS), why_said(hole.why)
    if hole.until_ms is None:
        return Words(f"missing: {hole.of} from {since}: {why.en}", f"빠짐: {hole.of} {since}부터: {why.ko}")
    until = to_text(hole.until_ms * _MS)
    if hole.fate == "filled":
        return Words(f"filled: {hole.of} {since} to {until}", f"채움: {hole.of} {since}~{until}")
    return Words(f"lost: {hole.of} {since} to {until}: {why.en}", f"없음: {hole.of} {since}~{until}: {why.ko}")


def why_said(why: str) -> Words:
    """A venue's own words stay as they are."""
    korean = why
    for english, words in _KOREAN.items():
        korean = korean.replace(english, words)
    return Words(why, korean)
