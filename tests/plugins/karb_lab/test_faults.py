"""What a venue is told to do wrong, as a client sees it; the venue's own books say what really happened."""

from __future__ import annotations

import asyncio
import json
from http.client import HTTPException
from typing import Any

import aiohttp
import pytest

from karb_lab.faults import Fault, Faults
from tests.plugins.karb_lab.running import RunningLab
from tests.plugins.karb_lab.speaking import ask, limit

ORDER = limit("0.001", "124350000", identifier="mine")


@pytest.fixture
def quoted(lab: RunningLab) -> RunningLab:
    lab.book([("124349000", "1")], [("124350000", "1")])
    return lab


def place(lab: RunningLab) -> Any:
    return ask(lab, "POST", "/v1/orders", ORDER, signed=True)


def test_a_lost_answer_was_carried_out_and_is_found_by_its_identifier(quoted: RunningLab) -> None:
    quoted.fault("lost_answer", method="POST", path="/v1/orders", times=1)
    with pytest.raises((HTTPException, OSError)):
        place(quoted)
    found = ask(quoted, "GET", "/v1/order?identifier=mine", signed=True)
    assert (found.status, found.body["state"], found.body["executed_volume"]) == (200, "done", "0.001")
    again = place(quoted)
    assert (again.status, again.body["error"]["name"]) == (400, "duplicated_identifier")
    assert len(quoted.books()["fills"]) == 1


@pytest.mark.parametrize(
    ("kind", "status", "name"),
    [
        ("server_error", 500, "server_error"),
        ("maintenance", 500, "server_error"),
        ("too_many", 429, "too_many_requests"),
        ("banned", 418, "blocked"),
        ("reject", 400, "validation_error"),
    ],
)
def test_what_is_refused_by_a_fault_was_not_carried_out(quoted: RunningLab, kind: str, status: int, name: str) -> None:
    quoted.fault(kind)
    refused = place(quoted)
    assert (refused.status, refused.body["error"]["name"]) == (status, name)
    quoted.tell("upbit/faults", method="DELETE")
    assert quoted.books()["fills"] == []
    assert place(quoted).status == 201


def test_a_refusal_has_the_code_that_is_told_and_ends_after_so_many(quoted: RunningLab) -> None:
    quoted.fault("reject", path="/v1/orders", times=1, code="insufficient_funds_bid", message="no")
    assert place(quoted).body == {"error": {"name": "insufficient_funds_bid", "message": "no"}}
    assert place(quoted).status == 201


def test_a_part_of_an_order_fills_and_the_rest_waits(quoted: RunningLab) -> None:
    quoted.fault("partial", ratio="0.4", times=1)
    place(quoted)
    found = ask(quoted, "GET", "/v1/order?identifier=mine", signed=True).body
    assert (found["state"], found["executed_volume"], found["remaining_volume"]) == ("wait", "0.0004", "0.0006")


def test_a_venue_that_crashed_knows_everything_when_it_comes_back_at_its_address(quoted: RunningLab) -> None:
    place(quoted)
    quoted.tell("upbit/crash")
    with pytest.raises(OSError):
        ask(quoted, "GET", "/v1/accounts", signed=True)
    quoted.tell("upbit/restore")
    assert ask(quoted, "GET", "/v1/order?identifier=mine", signed=True).body["state"] == "done"


def test_a_crash_and_a_maintenance_end_streams(quoted: RunningLab) -> None:
    async def ended(by: str, told: dict[str, str] | None) -> aiohttp.WSMsgType:
        address = f"{quoted.address('upbit')}/websocket/v1"
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
            await asyncio.to_thread(quoted.tell, by, told)
            return (await socket.receive()).type

    assert asyncio.run(ended("upbit/faults", {"kind": "maintenance"})) is aiohttp.WSMsgType.CLOSE
    quoted.tell("upbit/faults", method="DELETE")
    assert asyncio.run(ended("upbit/crash", None)) in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


def test_silent_streams_tell_nothing_and_a_gap_is_one_change_that_nobody_hears_of(quoted: RunningLab) -> None:
    async def heard(kind: str, **more: object) -> list[float]:
        address = f"{quoted.address('upbit')}/websocket/v1"
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
            await socket.send_str('[{"ticket":"x"},{"type":"orderbook","codes":["KRW-BTC"]}]')
            first = _bid(await socket.receive_bytes())
            await asyncio.to_thread(quoted.fault, kind, **more)
            await asyncio.to_thread(quoted.book, [("124340000", "1")], [("124350000", "1")])
            await asyncio.to_thread(quoted.tell, "upbit/faults", method="DELETE")
            await asyncio.to_thread(quoted.book, [("124341000", "1")], [("124350000", "1")])
            return [first, _bid(await socket.receive_bytes())]

    assert asyncio.run(heard("gap", times=1))[1] == 124341000.0
    assert asyncio.run(heard("silence"))[1] == 124341000.0


def test_an_answer_that_waits_is_of_an_order_that_the_venue_has_carried_out(quoted: RunningLab) -> None:
    """It would wait for an hour; the crash ends that."""
    quoted.fault("latency", ms=3_600_000, times=1)

    async def scene() -> None:
        asked = asyncio.ensure_future(asyncio.to_thread(place, quoted))
        while not (await asyncio.to_thread(quoted.books))["fills"]:
            assert not asked.done()
        assert not asked.done()
        await asyncio.to_thread(quoted.tell, "upbit/crash")
        with pytest.raises((HTTPException, OSError)):
            await asked

    asyncio.run(scene())


def test_an_answer_that_has_waited_is_the_same(quoted: RunningLab) -> None:
    quoted.fault("latency", ms=1, times=1)
    assert place(quoted).status == 201


def test_what_control_cannot_read_is_answered_with_a_sentence_and_changes_nothing(quoted: RunningLab) -> None:
    before = quoted.books()
    for path, told in (
        ("upbit/faults", {"kind": "earthquake"}),
        ("upbit/faults", {"kind": "partial", "ratio": "2"}),
        ("upbit/faults", {"kind": "latency", "why": "x"}),
        ("upbit/book", {"instrument": "upbit DOGE/KRW", "bids": [], "asks": []}),
        ("upbit/book", {"instrument": "upbit BTC/KRW", "bids": "none", "asks": []}),
        ("upbit/print", {"instrument": "upbit BTC/KRW", "price": "one", "amount": "1", "taker": "buy"}),
        ("bithumb/crash", {}),
    ):
        assert quoted.tell(path, told).keys() == {"error"}
    assert quoted.books() == before


def test_a_fault_is_for_the_requests_it_names_and_is_used_up() -> None:
    faults = Faults()
    faults.add(Fault("reject", times=2, method="POST", path="/v1/orders"))
    assert faults.take("reject", "GET", "/v1/orders") is None
    assert faults.take("latency", "POST", "/v1/orders") is None
    assert [faults.take("reject", "POST", "/v1/orders/test") is not None for _ in range(3)] == [True, True, False]
    assert not faults.stands("reject")


def _bid(frame: bytes) -> float:
    return json.loads(frame)["orderbook_units"][0]["bid_price"]


def test_a_lost_request_never_arrived_and_its_identifier_is_free(quoted: RunningLab) -> None:
    quoted.fault("lost_request", method="POST", path="/v1/orders", times=1)
    with pytest.raises((HTTPException, OSError)):
        place(quoted)
    assert quoted.books()["fills"] == []
    assert place(quoted).status == 201
    arrived = [one for one in quoted.tell("upbit/arrived", method="GET") if one["method"] == "POST"]
    assert [one["path"] for one in arrived] == ["/v1/orders"] * 2
    assert all('"identifier"' in one["asked"] for one in arrived)


def test_a_cut_answer_was_carried_out_and_cannot_be_read(quoted: RunningLab) -> None:
    quoted.fault("cut_answer", method="POST", path="/v1/orders", times=1)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        place(quoted)
    assert len(quoted.books()["fills"]) == 1
