"""A body is what was asked for, a documented no, or no answer; numbers are exact, and what does not fit is none."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_core.connection.request import Answer
from karb_core.connection.said import said
from karb_core.connection.stated import stated
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.statement import VenueSilent


class Seen(msgspec.Struct, frozen=True):
    price: Decimal
    parts: tuple[Decimal, ...] = ()


class No(msgspec.Struct, frozen=True):
    code: str


def noes(answer: Answer) -> VenueRejected | None:
    return VenueRejected(answer.status, read(answer.body, No).code, "-") if 400 <= answer.status < 500 else None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**12, places=8))
def test_a_number_is_read_to_its_last_digit_as_text_or_not(price: Decimal) -> None:
    for written in (f'{{"price":{price:f}}}', f'{{"price":"{price:f}"}}'):
        assert read(written.encode(), Seen).price == price


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\xff", b"[]", b'{"price":null}', b'{"price":"1e999999"}', b'{"price":"NaN"}',
     b'{"price":1,"parts":["Infinity"]}', b'{"parts":[1]}', b'{"price":' + b"[" * 5000],
)  # fmt: skip
def test_what_does_not_fit_is_unreadable_and_the_error_shows_no_body(body: bytes) -> None:
    with pytest.raises(Unreadable) as e:
        read(body, Seen)
    assert "html" not in str(e.value)


def test_an_answer_is_what_was_asked_for() -> None:
    assert said(Answer(201, {}, b'{"price":"1.50"}'), Seen, noes) == Seen(Decimal("1.50"))


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>"), (302, b""), (500, b'{"code":"oops"}'), (404, b"<html>")]
)
def test_what_is_neither_that_nor_a_documented_no_is_no_answer(status: int, body: bytes) -> None:
    with pytest.raises(NoAnswer, match=f"HTTP {status}"):
        said(Answer(status, {}, body), Seen, noes)


@pytest.mark.parametrize(
    ("status", "body", "code"), [(400, b'{"code":"funds"}', "funds"), (429, b"<html>", "too_many_requests")]
)
def test_a_no_is_the_venues_own_and_a_limit_is_one_whatever_it_says(status: int, body: bytes, code: str) -> None:
    with pytest.raises(VenueRejected) as e:
        said(Answer(status, {}, body), Seen, noes)
    assert (e.value.code, e.value.passes) == (code, status == 429)


@pytest.mark.parametrize("broke", [NoAnswer("cut"), VenueRejected(401, "no_right", "-"), Unreadable("a page")])
def test_every_failure_of_a_statement_means_that_it_is_not_known_now(broke: Exception) -> None:
    async def ask() -> None:
        raise broke

    with pytest.raises(VenueSilent) as e:
        asyncio.run(stated("somewhere", "balances", ask))
    assert (e.value.venue, e.value.asked, e.value.why) == ("somewhere", "balances", str(broke))


@pytest.mark.parametrize(
    ("date", "at_s"), [("Sat, 21 Nov 2026 05:00:00 GMT", 1_795_237_200), ("yesterday", None), (None, None)]
)
def test_an_answers_date_is_the_venues_time(date: str | None, at_s: int | None) -> None:
    answer = Answer(200, {} if date is None else {"date": date}, b"")
    assert answer.at_ns == (None if at_s is None else at_s * 1_000_000_000)
