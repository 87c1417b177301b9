"""Exit codes, places and carets of `karb check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karb_core.cli.terminal import width
from tests.cli.conftest import Karb
from tests.cli.files import write, wrong

MISSING = ("money: {use: upbit.usdt_krw", "money: {use: nobody.usdt_krw")


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ((), 0),
        ((MISSING,), 5),
        ((("reserve: 5%", "reserve: 5"),), 3),
        ((MISSING, ("reserve: 5%", "reserve: 5")), 3),
        ((("mode: paper", "mode: live"),), 0),
        ((("karb: 1", "karb: 2"),), 3),
        ((("take_profit: 0.8%", "take_profit: none"),), 0),
    ],
    ids=["nothing wrong", "plugin missing", "value", "both", "live", "newer", "warning"],
)
def test_the_exit_code(karb: Karb, edits, code):
    assert karb("check", write("kimp.yaml", *edits)).code == code


def test_the_worst_of_several_files_counts(karb: Karb):
    good, broken, missing = write("good.yaml"), wrong(), write("missing.yaml", MISSING)
    assert karb("check", good, good).code == 0
    assert karb("check", good, broken).code == 3
    assert karb("check", "nowhere.yaml", good).code == 2
    assert karb("check", missing, good).code == 5
    assert karb("check", missing, good, broken).code == 3


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        ("reserve: 5%\n".encode("utf-16"), 3, "is saved as UTF-16"),
        ("이름: 김프\n".encode("cp949"), 3, ":1: not UTF-8 (looks like CP949"),
        (b"\0\1\2", 3, "is not a text file"),
        (b"", 3, "is empty"),
        (b"# nothing\n", 3, "there are only comments in this file"),
        (b"a: 1\n" * 250_000, 3, "has more than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_strategy_is_one_sentence(karb: Karb, data, code, said):
    Path("odd.yaml").write_bytes(data)
    answer = karb("check", "odd.yaml")
    assert answer.code == code
    assert said in answer.err.split("\n")[0]
    told = json.loads(karb("check", "odd.yaml", "--format", "json").out)["files"][0]
    assert (told["ok"], told["exit_code"], len(told["findings"])) == (False, code, 1)


@pytest.mark.parametrize("before", ["x", "김프", "é", "가나다라마바사", "😀", "日本"])
def test_the_caret_stands_under_what_is_meant_whatever_stands_before_it(karb: Karb, before):
    file = write("kimp.yaml", ("{near: upbit BTC/KRW", f"{{'{before}': 1, naer: upbit BTC/KRW"))
    shown = karb("check", file).err.split("\n")
    meant = next(i for i, line in enumerate(shown) if "has no parameter `naer`" in line)
    excerpt, caret = shown[meant + 2 : meant + 4]
    assert width(caret[: caret.index("^")]) == width(excerpt[: excerpt.index("naer")])
    assert caret.count("^") == len("naer")


def test_columns_are_counted_in_letters(karb: Karb):
    file = write("kimp.yaml", ("{use: gates.max_position, at", "{id: 최대, use: gates.max_positon, at"))
    told = json.loads(karb("check", file, "--format", "json").out)["files"][0]["findings"]
    line = Path(file).read_text("utf-8").split("\n")[told[-1]["line"] - 1]
    assert line[told[-1]["column"] - 1 :].startswith("gates.max_positon")
    assert told[-1]["width"] == len("gates.max_positon")


def test_what_is_found_goes_to_stderr_and_json_to_stdout(karb: Karb):
    answer = karb("check", wrong())
    assert answer.out == "" and "error[K303]" in answer.err
    answer = karb("check", "wrong.yaml", "--format", "json")
    assert answer.err == ""
    assert json.loads(answer.out)["format_version"] == 1


def test_a_price_list_that_no_run_wrote_is_not_believed(karb: Karb, home: Path):
    (home / "karb-home").mkdir()
    zero = '{"at": "2025-01-11T00:00:00Z", "data": "x", "synthetic": false, "prices": {"USDT/KRW": "0"}}'
    for text in ("", "[]", '{"prices": 3}', '{"prices": {"USDT/KRW": "x"}}', "\0", zero, zero.replace('"0"', '"NaN"')):
        (home / "karb-home" / "prices.json").write_text(text, "utf-8")
        answer = karb("check", write("kimp.yaml"))
        assert answer.code == 0
        assert "shown once prices are known" in answer.out
