"""The API of a house that trades on paper: what it answers to whom, and what it hands in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, halts
from tests.house.process import LEDGER, asked
from tests.plugins.karb_dashboard.browsing import Shown, heard, shown

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its house ends by a POSIX signal")

#: A contract: who asks there is not asked back.
PATHS = (
    "/api/premium-history",
    "/api/market-data", "/api/market-data/BTC", "/api/positions", "/api/system-status", "/api/trade-history",
    "/api/strategy-info", "/api/stats", "/api/decisions", "/api/log", "/api/orders",
)  # fmt: skip
TYPES = ("market", "position", "order", "trade", "halt", "heartbeat")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with shown(tmp_path_factory.mktemp("house")) as made:
        yield made


def halted(house: Shown) -> list[tuple[str, str]]:
    """What is written, in the order in which it was."""
    ledger = open_ledger(house.folder / LEDGER, read_only=True)
    found = [(each.strength, each.reason) for each in halts(ledger, Whose("paper:walker"))]
    ledger.close()
    return found


@pytest.mark.parametrize("path", ["/health", *PATHS])
def test_each_path_of_the_contract_answers_with_its_version(house: Shown, path: str) -> None:
    answer = house.asked("GET", path)
    assert (answer.status, answer.headers["karb-api-version"]) == (200, "1")
    assert answer.json["format_version"] == 1
    published = house.asked("GET", "/openapi.json", token="").json
    assert path.replace("BTC", "{symbol}") in published["paths"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ["", "wrong"])
def test_nobody_looks_without_the_token(house: Shown, path: str, token: str) -> None:
    answer = house.asked("GET", path, token="", **({"Authorization": f"Basic {token}"} if token else {}))
    assert (answer.status, answer.json["error"]["code"]) == (401, "not_signed_in")


def test_health_and_the_page_need_no_token_and_tell_nothing_of_trading(house: Shown) -> None:
    assert house.asked("GET", "/health", token="").json.keys() == {"format_version", "now", "status", "second", "lang"}
    page = house.asked("GET", "/dashboard", token="")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_the_market_has_the_premium_at_both_rates_and_each_bound_with_its_line(house: Shown) -> None:
    (btc,) = house.waited("/api/market-data/BTC", lambda told: told["markets"][0]["judged"] is not None)["markets"]
    near, far = btc["legs"]
    assert (near["instrument"], far["instrument"]) == ("upbit BTC/KRW", "binance_usdm BTC/USDT")
    assert float(near["top"]["bid"]) < float(near["top"]["ask"])
    assert btc["premium"].keys() == btc["rates"].keys() == {"premium", "money"}
    assert abs(float(btc["premium"]["premium"])) < 0.002
    (z,) = (bound for bound in btc["judged"]["bounds"] if bound["of"] == "|z|")
    assert (z["rule"], z["needed"], z["written"], z["file"]) == ("/signal/with/entry", "2", "2.0", "walker.yaml")
    assert house.asked("GET", "/api/market-data/DOGE").status == 404


def test_strategy_info_has_every_line_and_whether_it_is_locked(house: Shown) -> None:
    (told,) = house.got("/api/strategy-info")["strategies"]
    lines = {line["pointer"]: line["written"] for line in told["lines"]}
    assert (lines["/signal/with/entry"], told["lock"], told["runs_in"]) == ("2.0", "none", "paper")


def test_what_is_no_request_is_refused_in_one_sentence_that_repeats_nothing(house: Shown) -> None:
    for path in ("/api/decisions?limit=0", "/api/trade-history?limit=many"):
        assert house.asked("GET", path).status == 422
    answer = house.asked("POST", "/api/session", {"token": ["a-secret-mistyped"]}, token="")
    assert (answer.status, answer.json["error"]["code"]) == (422, "bad_request")
    assert "a-secret-mistyped" not in answer.text
    assert house.asked("POST", "/api/session", {"token": "x" * 5000}, token="").status == 413


def test_a_name_that_is_not_its_own_does_not_reach_it(house: Shown) -> None:
    """A page elsewhere that names this machine in its own domain (DNS rebinding) reads nothing."""
    assert house.asked("GET", "/health", Host="evil.example").status == 421
    assert house.asked("GET", "/health", Host=f"localhost:{house.port}").status == 200


def test_no_page_elsewhere_may_read_or_steer(house: Shown) -> None:
    answer = house.asked("GET", "/api/positions", Origin="https://evil.example")
    assert "access-control-allow-origin" not in answer.headers
    order = {"strength": "no-entries", "because": "x", "second": house.word}
    assert (
        house.asked("POST", "/api/halt", order, Origin="https://evil.example").json["error"]["code"] == "wrong_origin"
    )
    assert house.asked("POST", "/api/session", {"token": house.token}, Origin="https://evil.example").status == 403


def test_a_browser_signs_in_and_keeps_no_token(house: Shown) -> None:
    made = house.asked("POST", "/api/session", {"token": house.token}, token="")
    cookie = made.headers["set-cookie"]
    assert made.status == 200
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert house.token not in cookie
    session = cookie.partition(";")[0]
    assert house.asked("GET", "/api/positions", token="", Cookie=session).status == 200
    name, _, value = session.partition("=")
    until, _, signed = value.partition(".")
    for forged in (f"{int(until) + 1}.{signed}", f"{until}.{'0' * len(signed)}", "1.", "x", f"{'9' * 30}.{signed}"):
        assert house.asked("GET", "/api/positions", token="", Cookie=f"{name}={forged}").status == 401


@pytest.mark.parametrize("path", ["/api/halt", "/api/resume"])
def test_nothing_is_told_a_desk_without_the_token_or_with_the_wrong_word(house: Shown, path: str) -> None:
    before = halted(house)
    order = {"strength": "no-entries", "because": "x", "second": house.word}
    assert house.asked("POST", path, order, token="").status == 401
    wrong = house.asked("POST", path, {**order, "second": "guess"})
    assert (wrong.status, wrong.json["error"]["code"]) == (403, "wrong_second")
    assert house.asked("POST", path, {k: v for k, v in order.items() if k != "second"}).status == 422
    assert house.asked("POST", path, {**order, "strategy": "nobody"}).status == 404
    assert halted(house) == before


def test_a_halt_is_taken_seen_by_another_terminal_and_ended_by_a_resume(house: Shown) -> None:
    order = {"strength": "no-entries", "because": " the\nnews ", "second": house.word.upper()}
    with house.stream() as line:
        answer = house.asked("POST", "/api/halt", order).json
        assert answer["taken"] is True
        assert [each["strategy"] for each in answer["commands"]] == ["walker"]
        (told,) = heard(line, "halt")["data"]
        while not told["halted"]:  # it was told, and is not taken yet
            (told,) = heard(line, "halt")["data"]
    assert [(h["strength"], h["reason"], h["author"]) for h in told["halted"]] == [
        ("no-entries", "the news", "http@127.0.0.1")
    ]
    assert halted(house)[-1] == ("no-entries", "the news")
    status = json.loads(asked(house.folder, "status", "--ledger", LEDGER, "--format", "json").stdout)
    assert status["strategies"][0]["halted"][0]["reason"] == "the news"
    answer = house.asked("POST", "/api/resume", {"because": "over", "second": house.word}).json
    assert answer["taken"] is True
    assert halted(house)[-1][0] == "none"


def test_the_stream_tells_all_there_is_and_then_what_changes(house: Shown) -> None:
    with house.stream() as line:
        first = [json.loads(line.recv(timeout=30)) for _ in TYPES]
        assert tuple(each["type"] for each in first) == TYPES
        assert [(each["number"], each["snapshot"], each["format_version"]) for each in first] == [
            (n, True, 1) for n in range(1, len(TYPES) + 1)
        ]
        assert first[1]["data"] == []
        house.moved("high")
        (lot,) = heard(line, "position")["data"]
        house.moved("calm")
        gone = heard(line, "position")["gone"]
        (trade,) = heard(line, "trade")["data"]
        assert heard(line, "heartbeat")["data"][0]["unread"] is None
    assert gone == [lot["lot"]] == [trade["lot"]]
    (kept,) = house.waited("/api/trade-history", lambda told: told["trades"])["trades"]
    assert kept["net"] == trade["net"]
    (booked,) = (account["booked"]["KRW"] for account in house.got("/api/stats")["accounts"])
    assert booked["net"] == trade["net"]
    pnl = json.loads(asked(house.folder, "pnl", "--ledger", LEDGER, "--format", "json").stdout)
    assert pnl["total"][0]["net"] == trade["net"]
    assert {order["answer"] for order in house.got("/api/orders")["orders"]} == {"done"}
    (entry,) = house.got("/api/decisions?limit=2&pair=BTC&kind=entry")["decisions"]
    assert {cited["rule"] for cited in entry["cited"]} >= {"/signal/with/entry", "/sizing/with/size"}


def test_nobody_hears_the_stream_without_the_token_or_from_another_page(house: Shown) -> None:
    at = f"ws://127.0.0.1:{house.port}/ws"
    for headers in ({}, {"Authorization": f"Bearer {house.token}", "Origin": "https://evil.example"}):
        with pytest.raises(InvalidStatus), connect(at, additional_headers=headers, proxy=None):
            pass


def test_no_secret_is_in_any_answer_or_on_the_terminal(house: Shown) -> None:
    with house.stream() as line:
        told = [str(line.recv(timeout=30)) for _ in TYPES]
    told += [house.asked("GET", path).text for path in ("/health", "/openapi.json", "/dashboard", *PATHS)]
    told += house.karb.lines
    for secret in (house.token, house.word):
        assert [text for text in told if secret in text] == []


def test_an_address_that_is_taken_ends_the_start_in_one_sentence(house: Shown, tmp_path: Path) -> None:
    at = ("--ledger", str(tmp_path / "other.ledger"), "--serve", f"127.0.0.1:{house.port}")
    told = asked(house.folder, "run", "walker.yaml", *at)
    assert (told.returncode, told.stderr.splitlines()[0]) == (
        2, f"error: 127.0.0.1:{house.port} cannot be served at: Address already in use",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "walker.yaml", "--serve", "nowhere"), 2, "error: --serve nowhere: that is no address"),
        (("run", "walker.yaml", "--mode", "backtest", "--serve", "127.0.0.1:0"), 2, "error: --serve shows a run on paper or live"),
    ],
)  # fmt: skip
def test_what_cannot_be_served_is_said_in_one_sentence(
    house: Shown, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    told = asked(house.folder, *words, "--ledger", str(tmp_path / "other.ledger"))
    assert (told.returncode, told.stderr.splitlines()[0]) == (code, said)


def test_who_guesses_the_word_is_not_heard_any_more_right_or_wrong(tmp_path: Path) -> None:
    """And the pages of another origin may read only where the owner's settings name it."""
    with shown(tmp_path, settings="origins: [https://mine.example]\nname: my desk\n") as house:
        answer = house.asked("GET", "/api/positions", Origin="https://mine.example")
        assert answer.headers["access-control-allow-origin"] == "https://mine.example"
        assert "access-control-allow-origin" not in house.asked("GET", "/health", Origin="https://evil.example").headers
        order = {"strength": "no-entries", "because": "x", "second": "guess"}
        told = [house.asked("POST", "/api/halt", order).status for _ in range(6)]
        assert told == [403] * 5 + [429]
        last = house.asked("POST", "/api/halt", {**order, "second": house.word})
        assert (last.status, int(last.headers["retry-after"]) > 1) == (429, True)
        assert halted(house) == []
