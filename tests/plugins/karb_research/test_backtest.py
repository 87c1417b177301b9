"""`karb backtest` as a person calls it: the same run as `karb run`, told whole, as text, as JSON, as a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from karb_core.cli.terminal import width
from tests.cli.run import Answer, answer_of, ours
from tests.plugins.karb_research.stages import HOUSE
from tests.wiring.hourly import TWO_RATES, write_hourly
from tests.wiring.tiny import strategy_text

Karb = Callable[..., Answer]
PARTS = ("premium", "rate", "funding", "fees", "other")


@pytest.fixture
def karb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Karb:
    """In a folder with a small hourly market of two pairs and two rates, and a strategy of three tiers over it."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    write_hourly(tmp_path)
    (tmp_path / "tiny.yaml").write_text(strategy_text(*TWO_RATES), "utf-8")
    return lambda *arguments: answer_of(capfd, arguments)


def told(karb: Karb, *more: object) -> dict[str, Any]:
    answer = karb("backtest", "tiny.yaml", "--format", "json", *more)
    assert answer.code == 0, answer.all
    found: dict[str, Any] = json.loads(answer.out)
    return found


def won(written: str) -> Fraction:
    number, _, asset = written.partition(" ")
    assert asset == "KRW"
    return Fraction(Decimal(number))


def test_it_is_the_run_of_karb_run(karb: Karb) -> None:
    found = told(karb)
    plain = json.loads(karb("run", "tiny.yaml", "--mode", "backtest", "--format", "json").out)
    assert len(found["trades"]) == plain["summary"]["trades"] > 10
    assert [trade["net"] for trade in found["trades"]] == [trade["net"] for trade in plain["trades"]]
    assert len(found["open_lots"]) == plain["summary"]["open_lots"]
    assert found["format_version"] == 1
    by_line = {row["rule"]: row["episodes"] for row in found["refusals"]}
    assert by_line == plain["summary"]["refusals"]


def test_every_sum_of_it_is_exact(karb: Karb) -> None:
    found = told(karb)
    result, days = found["result"], found["days"]
    for row in (result, *days, *found["by_pair"], *found["by_tier"], *found["by_month"]):
        assert sum(won(row[part]) for part in PARTS) == won(row["net"])
    for part in (*PARTS, "net"):
        assert won(days[-1][part]) == won(result[part])
        for rows in ("by_pair", "by_tier", "by_month"):
            assert sum(won(row[part]) for row in found[rows]) == won(result[part])
    assert won(result["equity"]) == won(found["capital"]) + won(result["net"])
    assert sum(won(trade["net"]) for trade in found["trades"]) == won(result["booked"]) != won(result["net"])
    assert sum(row["trades"] for row in found["by_month"]) == len(found["trades"])


def test_a_refusal_names_the_line_and_what_it_held_up(karb: Karb, tmp_path: Path) -> None:
    (row, *_) = told(karb)["refusals"]
    lines = (tmp_path / "tiny.yaml").read_text("utf-8").split("\n")
    assert row["written"] in lines[row["line"] - 1]
    assert row["judged"] >= row["episodes"] > 0
    assert set(row["holds_up"]) <= {"entry", "exit"}


def test_what_one_leg_alone_cost_is_told(karb: Karb) -> None:
    lagged = told(karb)["lagged"]
    assert lagged["plans"] > len(lagged["each"]) > 0
    assert sum(won(one["cost"]) for one in lagged["each"]) == won(lagged["cost"])
    assert any(one["back"] for one in lagged["each"])


def test_the_text_has_each_part_and_the_worst_beside_the_win_rate(karb: Karb) -> None:
    answer = karb("backtest", "tiny.yaml")
    assert answer.code == 0
    for title in ("What it came to", "Return and risk", "Trades", "By pair", "By tier", "By month (Korea)"):
        assert f"\n{title}\n" in answer.out
    rows = [line.split("  ")[1] for line in answer.out.split("\n") if line.startswith("  ")]
    at = rows.index("win rate")
    assert rows[at + 1 : at + 3] == ["longest holding", "worst paper loss"]
    assert "tiny.yaml:" in answer.out


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_numbers_of_a_table_stand_under_each_other(karb: Karb, lang: str) -> None:
    """Also where heads are in Korean, whose letters are two columns wide."""
    answer = karb("--lang", lang, "backtest", "tiny.yaml")
    lines = answer.out.split("\n")
    at = next(n for n, line in enumerate(lines) if line in ("By pair", "페어별"))
    assert len({width(line) for line in lines[at + 1 : at + 4]}) == 1


def test_it_speaks_korean(karb: Karb) -> None:
    answer = karb("--lang", "ko", "backtest", "tiny.yaml", "--to", "2025-01-12")
    assert answer.code == 0
    assert all(word in answer.out for word in ("결과", "최대 낙폭", "페어별", "당신의 줄이 거부한 횟수"))
    assert "drawdown" not in answer.out
    assert "진입" in answer.out


class Page(HTMLParser):
    """What a page names that is elsewhere, and the figures in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elsewhere: list[str] = []
        self.figures = ""
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = given.get("id") == "figures"
        named = (given.get(name) for name in ("src", "href", "action", "srcset", "data"))
        self.elsewhere += [each for each in named if each and not each.startswith("data:")]

    def handle_data(self, data: str) -> None:
        self.figures += data if self._inside else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def test_the_page_is_one_file_that_names_nothing_elsewhere(karb: Karb, tmp_path: Path) -> None:
    answer = karb("backtest", "tiny.yaml", "--format", "html", "--out", "report.html")
    assert (answer.code, answer.out) == (0, "written: report.html\n")
    text = (tmp_path / "report.html").read_text("utf-8")
    page = Page(text)
    assert page.elsewhere == []
    assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "@import" not in text
    figures = json.loads(page.figures)
    assert [pair["pair"] for pair in figures["premiums"]] == ["BTC", "XRP"]
    assert all(pair["booked"] and pair["marks"] for pair in figures["premiums"])
    assert len(figures["days"]["equity"]) == len(figures["days"]["minutes"]) == 14


def test_a_name_cannot_break_out_of_the_page(karb: Karb, tmp_path: Path) -> None:
    file = tmp_path / "tiny.yaml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("      normal: {", "      a</script>b: {").replace("    normal: {", "    a</script>b: {"), "utf-8"
    )
    answer = karb("backtest", "tiny.yaml", "--format", "html", "--out", "report.html")
    assert answer.code == 0, answer.all
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count("</script>") == 2
    assert "a&lt;/script&gt;b" in page


def test_json_goes_into_a_file_where_one_is_named(karb: Karb, tmp_path: Path) -> None:
    answer = karb("backtest", "tiny.yaml", "--format", "json", "--out", "result.json")
    assert answer.out == "written: result.json\n"
    assert json.loads((tmp_path / "result.json").read_text("utf-8")) == told(karb) | {
        "run": json.loads((tmp_path / "result.json").read_text("utf-8"))["run"]
    }


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "FILE is missing"),
        (("nowhere.yaml",), 2, "nowhere.yaml: there is no such file"),
        (("tiny.yaml", "--format", "html"), 2, "a page needs a file: --out report.html"),
        (("tiny.yaml", "--out", "report.txt"), 2, "--out goes with --format json or html"),
        (("tiny.yaml", "--format", "html", "--out", "no/report.html"), 2, "there is no folder no"),
        (("tiny.yaml", "--format", "html", "--out", "data"), 2, "data is a folder: name a file in it"),
        (("tiny.yaml", "--data", "nowhere.yaml"), 2, "nowhere.yaml: there is no such file"),
        (("tiny.yaml", "--from", "yesterday"), 2, "yesterday"),
        (("tiny.yaml", "--from", "2025-01-10", "--to", "2025-01-09"), 2, "2025-01-09"),
        (("tiny.yaml", "--from", "2030-01-01"), 7, "market.yaml"),
        ((HOUSE / "datasets" / "sample.yaml",), 3, "sample.yaml: errors: "),
    ],
)
def test_a_mistake_is_one_sentence(karb: Karb, arguments: tuple[object, ...], code: int, said: str) -> None:
    answer = karb("backtest", *arguments)
    assert answer.code == code, answer.all
    assert said in answer.err
    assert "Traceback" not in answer.all


def test_a_run_in_which_nothing_was_traded_is_told_too(karb: Karb) -> None:
    found = told(karb, "--to", "2025-01-07")
    assert (found["trades"], found["result"]["net"], found["metrics"]["sharpe"]) == ([], "0 KRW", None)
    assert karb("backtest", "tiny.yaml", "--to", "2025-01-07").code == 0
    page = karb("backtest", "tiny.yaml", "--to", "2025-01-07", "--format", "html", "--out", "none.html")
    assert page.code == 0, page.all
