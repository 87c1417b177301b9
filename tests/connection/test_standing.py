"""A venue stands as its worst line, a flaw makes it degraded for a minute, and each change is told once."""

from __future__ import annotations

from karb_core.connection.standing import Standing
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import VenueState, VenueStatus

S = 1_000_000_000
BTC = Instrument("somewhere", "BTC", "KRW")
DOWN, DEGRADED, UP = VenueState.DOWN, VenueState.DEGRADED, VenueState.UP


def standing(*lines: str) -> tuple[Standing, list[tuple[str, VenueState, str]]]:
    told: list[tuple[str, VenueState, str]] = []

    def emit(status: VenueStatus) -> None:
        assert status.venue == "somewhere"
        told.append(("" if status.instrument is None else status.instrument.base, status.state, status.note))

    return Standing(emit, "somewhere", lines or ("books",)), told


def test_it_is_up_once_every_line_is_and_as_bad_as_the_worst() -> None:
    made, told = standing("books", "marks")
    made.line("books", UP, "", 0)
    assert told == []
    made.line("marks", DEGRADED, "cut", 1)
    made.line("marks", DOWN, "refused", 2)
    made.line("books", DEGRADED, "cut", 3)
    made.line("marks", UP, "", 4)
    made.line("books", UP, "", 5)
    assert told == [("", DEGRADED, "cut"), ("", DOWN, "refused"), ("", DEGRADED, "cut"), ("", UP, "")]


def test_a_flaw_is_told_once_and_over_after_a_minute_without_one() -> None:
    made, told = standing()
    made.line("books", UP, "", 0)
    made.flawed(BTC, "crossed", 0)
    made.flawed(BTC, "crossed", 30 * S)
    made.sound(BTC, 90 * S)
    assert told == [("", UP, ""), ("BTC", DEGRADED, "crossed")]
    made.sound(BTC, 90 * S + 1)
    made.sound(BTC, 200 * S)
    assert told[2:] == [("BTC", UP, "")]


def test_the_venues_own_flaw_outlasts_a_line_that_comes_back() -> None:
    made, told = standing()
    made.line("books", UP, "", 0)
    made.flawed(None, "unreadable", S)
    made.line("books", DOWN, "refused", 2 * S)
    made.line("books", UP, "", 3 * S)
    assert [state for _, state, _ in told] == [UP, DEGRADED, DOWN]
    made.flawed(None, "unreadable", 4 * S)
    assert told[-1] == ("", DEGRADED, "unreadable")
    made.sound(BTC, 64 * S + 1)
    assert told[-1] == ("", UP, "")


def test_a_flaw_before_any_line_is_up_is_told_and_its_end_does_not_make_the_venue_up() -> None:
    made, told = standing("books", "marks")
    made.flawed(None, "unreadable", 0)
    made.sound(BTC, 61 * S)
    assert told == [("", DEGRADED, "unreadable")]
    made.line("books", UP, "", 62 * S)
    made.line("marks", UP, "", 62 * S)
    assert told[-1] == ("", UP, "")


def test_a_market_is_told_when_it_is_not_up_and_then_when_it_is_again() -> None:
    made, told = standing()
    made.market(BTC, UP, "ACTIVE", 0)
    made.market(BTC, DOWN, "DELISTED", 1)
    made.market(BTC, DOWN, "DELISTED", 2)
    made.flawed(BTC, "crossed", 3)
    assert told == [("BTC", DOWN, "DELISTED")]
    made.market(BTC, UP, "ACTIVE", 4)
    assert told == [("BTC", DOWN, "DELISTED")], "its flaw is not over yet"
    made.sound(BTC, 61 * S)
    assert told[-1] == ("BTC", UP, "ACTIVE")
