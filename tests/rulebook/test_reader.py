"""The YAML reader: nothing is read that two readers would read differently, and every value knows its place."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
import yaml

from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.source import Source
from karb_core.rulebook.yaml_nodes import DEPTH, NODES
from karb_core.texts.text import render


def reading(text: str) -> Document:
    return read(Source.of_text(text))


def refused(text: str) -> Finding:
    """The one finding about a text of which nothing is read."""
    document = reading(text)
    (finding,) = document.findings
    assert document.data is None
    return finding


def soft(text: str) -> Finding:
    document = reading(text)
    assert document.findings == []
    (finding,) = document.soft.values()
    return finding


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("#kimp", None),
        ("0", 0),
        ("-0", 0),
        ("+1", 1),
        ("42", 42),
        ("1:30", "1:30"),
        ("24:00", "24:00"),
        ("9:30", "9:30"),
        ("09:30", "09:30"),
        ("12:30:45.5", "12:30:45.5"),
        ("2026-11-21", "2026-11-21"),
        ("2026-11-21 10:00:00", "2026-11-21 10:00:00"),
        ("3%", "3%"),
        ("3 %", "3 %"),
        ("nULL", "nULL"),
        ("_1", "_1"),
        ("40,000,000 KRW", "40,000,000 KRW"),
        ("40_000_000 KRW", "40_000_000 KRW"),
        ("'on'", "on"),
        ('"010"', "010"),
        ("김치 프리미엄", "김치 프리미엄"),
        ("a#b", "a#b"),
    ],
)
def test_a_plain_scalar_is_what_yaml_1_2_says(written: str, value: object) -> None:
    document = reading(f"a: {written}")
    assert (document.findings, document.soft) == ([], {})
    assert document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("0.1", "0.1"),
        ("0.10000000000000001", "0.10000000000000001"),
        ("1e-3", "0.001"),
        ("1E3", "1000"),
        ("5e-05", "0.00005"),
        ("1.0e3", "1000"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-2.50", "-2.5"),
        ("1e40", "1" + "0" * 40),
    ],
)
def test_a_number_is_exactly_the_written_one_and_never_a_float(written: str, exact: str) -> None:
    value = reading(f"a: {written}").data["a"]
    assert isinstance(value, Decimal)
    assert value == Decimal(exact)


@pytest.mark.parametrize(
    ("written", "help_"),
    [
        *(
            (word, "write true or false, or put the text in quotes")
            for word in ("on", "Off", "yes", "no", "No", "y", "N")
        ),
        ("1_000", "write 1000"),
        ("1__0", "write 10"),
        ("1_", "write 1"),
        ("0.0_1", "write 0.01"),
        ("-1_000", "write -1000"),
        ("010", "write 10, or put it in quotes"),
        ("08", "write 8, or put it in quotes"),
        ("-010", "write -10, or put it in quotes"),
        ("007.5", "write 7.5, or put it in quotes"),
        ("00", "write 0, or put it in quotes"),
        *((n, "write it in decimal digits, or put it in quotes") for n in ("0o10", "0x1F", "0b11", "+0x1F")),
        *((n, "write a finite number") for n in (".inf", "-.inf", "+.Inf", ".nan")),
        *((n, "write a number of at most 40 digits") for n in ("1e400", "1e41", "-1e99999", "1" * 41, "1e-41")),
    ],
)
def test_a_scalar_that_readers_read_differently_says_what_to_write(written: str, help_: str) -> None:
    finding = soft(f"a: {written}")
    assert (finding.code, finding.mark.line, finding.mark.column) == ("K110", 1, 4)
    assert finding.help is not None
    assert render(finding.help) == help_


def test_what_the_reader_calls_ambiguous_is_text_until_a_parameter_says_more() -> None:
    assert reading("a: on\nb: [010, 1_000]").data == {"a": "on", "b": ["010", "1_000"]}


def test_a_hash_without_a_space_is_part_of_the_value() -> None:
    finding = soft("a: 3%#x")
    assert (finding.code, render(finding.help or finding.said)) == ("K111", "put a space before `#`")
    assert reading("a: 3% #x").data == {"a": "3%"}


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "said"),
    [
        ("b: &x 1\na: *x", "K105", 1, 4, "anchors and aliases (`&`, `*`) are not used in strategy files"),
        ("a: *x", "K105", 1, 4, "anchors and aliases (`&`, `*`) are not used in strategy files"),
        (
            "a: !!python/object:os.system x",
            "K106",
            1,
            4,
            "tags such as `!!python/object:os.system` are not used in strategy files",
        ),
        ("a: !secret x", "K106", 1, 4, "tags such as `!secret` are not used in strategy files"),
        ("a: ! x", "K106", 1, 4, "tags such as `!` are not used in strategy files"),
        ("%YAML 1.1\n---\na: on", "K101", 1, 1, "a line beginning with `%`"),
        ("%YAML 9.9\n---\na: 1", "K101", 1, 1, "a line beginning with `%`"),
        ("a: %3", "K101", 1, 4, "a value cannot begin with this character"),
        ("a: @x", "K101", 1, 4, "a value cannot begin with this character"),
        ("\ta: 1", "K101", 1, 1, "a tab character is used for indentation"),
        ("a:\n\tb: 1", "K101", 2, 1, "a tab character is used for indentation"),
        ("a:\n  \tb: 1\n  \tc: 2", "K101", 2, 3, "a tab character is used for indentation"),
        ("a: 1\t# why", "K101", 1, 5, "a tab character stands in this line"),
        ("a: 'x", "K101", 1, 4, "this quote is never closed"),
        ('a: "x\nb: 1\nc: "y"\n', "K101", 1, 4, "this quote is never closed"),
        ("a: 'x\nb: 1 # the owner's\nc: 2\n", "K101", 1, 4, "this quote is never closed"),
        ('a: "\\q"', "K101", 1, 6, "this text has an escape that YAML does not know"),
        ("a:\n  b: 1\n c: 2", "K101", 3, 2, "the indentation does not fit the lines above"),
        ("a: 1\n---\nb: 2", "K101", 2, 1, "a second document begins here"),
        ("a: [1, 2", "K101", 1, 4, "this `[` is never closed, or a comma is missing in it"),
        ("a: {b: 1\nc: 2", "K101", 1, 4, "this `{` is never closed, or a comma is missing in it"),
        ("a: b: c", "K101", 1, 5, "there is a second `:` on this line"),
        ("a: 1\nb 2\nc: 3", "K101", 2, 1, "a key without `:`"),
        ("a 1\n\n\nb: 2", "K101", 1, 1, "a key without `:`"),
        ("a: -", "K101", 1, 4, "a list entry stands where none can"),
        ("# only", "K201", 1, 1, "there are only comments in this file"),
    ],
)
def test_what_is_no_strategy_file_is_refused_where_it_began(
    text: str, code: str, line: int, column: int, said: str
) -> None:
    finding = refused(text)
    assert (finding.code, finding.mark.line, finding.mark.column, render(finding.said)) == (code, line, column, said)


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "left"),
    [
        ("a: 1\nb: 2\na: 3", "K103", 3, 1, {"a": 1, "b": 2}),
        ("a: {b: 1, b: 2}", "K103", 1, 11, {"a": {"b": 1}}),
        ("가격: 1\n'가격': 2", "K103", 2, 1, {"가격": 1}),
        ("<<: {a: 1}", "K105", 1, 1, {}),
        ("a:\n  <<: {b: 1}\n  <<: {c: 1}", "K105", 2, 3, {"a": {}}),
        ("? [a]\n: b", "K101", 1, 3, {}),
    ],
)
def test_a_key_that_cannot_stand_is_refused_and_the_rest_read(
    text: str, code: str, line: int, column: int, left: object
) -> None:
    document = reading(text)
    first = document.findings[0]
    assert {finding.code for finding in document.findings} == {code}
    assert (first.mark.line, first.mark.column, document.data) == (line, column, left)


def test_keys_are_text_whatever_they_look_like() -> None:
    assert reading("on: 1\n1: a\ntrue: b\n1.0: c\n~: d\n'<<': e").data == {
        "on": 1,
        "1": "a",
        "true": "b",
        "1.0": "c",
        "~": "d",
        "<<": "e",
    }


@pytest.mark.parametrize(
    ("text", "line", "column", "name", "help_"),
    [
        ("\u00a0\u00a0a: 1", 1, 1, "NO-BREAK SPACE (U+00A0)", "write ` `"),
        ("a:\n\u3000\u3000b: 1", 2, 1, "IDEOGRAPHIC SPACE (U+3000)", "write ` `"),
        ("a：1", 1, 2, "FULLWIDTH COLON (U+FF1A)", "write `:`"),
        ("a: １%", 1, 4, "FULLWIDTH DIGIT ONE (U+FF11)", "write `1`"),
        ("a: 3％", 1, 5, "FULLWIDTH PERCENT SIGN (U+FF05)", "write `%`"),
        ("a: “x”", 1, 4, "LEFT DOUBLE QUOTATION MARK (U+201C)", 'write `"`'),
        ("a: −1%", 1, 4, "MINUS SIGN (U+2212)", "write `-`"),
        ("ze\u200bro: 1", 1, 3, "ZERO WIDTH SPACE (U+200B)", "delete this character"),
        ("a: x\ufeff", 1, 5, "ZERO WIDTH NO-BREAK SPACE (U+FEFF)", "delete this character"),
        ("a: x\u2028b", 1, 5, "LINE SEPARATOR (U+2028)", "delete this character"),
        ("a: \0", 1, 4, "U+0000 (U+0000)", "delete this character"),
        ("a: \ud800", 1, 4, "U+D800 (U+D800)", "delete this character"),
        ("a: '#：'", 1, 6, "FULLWIDTH COLON (U+FF1A)", "write `:`"),
    ],
)
def test_a_character_that_looks_like_another_is_named(text: str, line: int, column: int, name: str, help_: str) -> None:
    finding = refused(text)
    assert (finding.code, finding.mark.line, finding.mark.column) == ("K104", line, column)
    assert render(finding.said) == f"{name} is not what it looks like"
    assert finding.help is not None
    assert render(finding.help) == help_


@pytest.mark.parametrize(
    "text",
    [
        "# 비율： “x” １\u3000\na: 1",
        "a: 1 # 비율：３％",
        "a: 1  # \t：",
        f"# {unicodedata.normalize('NFD', '가격')}\na: 1",
    ],
)
def test_comments_may_hold_any_character(text: str) -> None:
    assert reading(text).data == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (unicodedata.normalize("NFD", "가격") + ": 1", 1, 1),
        ("a: " + unicodedata.normalize("NFD", "값"), 1, 4),
        ("가격: 1\n" + unicodedata.normalize("NFD", "가격") + ": 2", 2, 1),
        ("a: e\u0301", 1, 4),
    ],
)
def test_decomposed_text_is_refused_where_it_begins(text: str, line: int, column: int) -> None:
    finding = refused(text)
    assert (finding.code, finding.mark.line, finding.mark.column) == ("K104", line, column)
    assert render(finding.said) == "this text is decomposed Unicode (NFD), as macOS writes file names"


def test_columns_count_characters_not_bytes_or_cells() -> None:
    document = reading("전략: {이름: 김프, 값: 😀, z: 1}")
    assert document.mark(("전략", "값")).column == 17
    assert document.mark(("전략", "z")).column == 23


def test_every_key_and_value_knows_its_place_and_spelling() -> None:
    document = reading("a: 1\nb:\n  - {use: x.y, with: {c: 40_000 KRW}}\n  - 'on'\nd: |\n  text\n")
    mark = {path: (m.line, m.column, m.width) for path, m in document.values.items()}
    assert mark[("a",)] == (1, 4, 1)
    assert mark[("b", 0, "with", "c")] == (3, 26, 10)
    assert mark[("b", 1)] == (4, 5, 4)
    assert document.keys[("b", 0, "with")].column == 16
    assert document.written[("b", 0, "with", "c")] == "40_000 KRW"
    assert document.written[("b", 1)] == "on"


def test_what_is_not_there_is_pointed_at_where_it_would_belong() -> None:
    document = reading("a:\n  b: 1\n")
    assert document.mark(("a", "missing", "deep")) == document.values[("a",)]
    assert document.key_mark(("a", "b")) == document.keys[("a", "b")]
    assert document.head(("a",)) == document.keys[("a",)]
    assert reading("").mark(("a",)).line == 1


@pytest.mark.parametrize(("text", "column"), [("a:", 1), ("a: ", 1), ("a: # why", 1), ("{a: , b: 1}", 2), ("? a", 3)])
def test_a_value_that_was_left_out_is_pointed_at_by_its_key(text: str, column: int) -> None:
    assert reading(text).mark(("a",)).column == column


def test_a_list_entry_that_was_left_out_is_pointed_at_by_its_dash() -> None:
    mark = reading("a:\n  -\n  - 1").mark(("a", 0))
    assert (mark.line, mark.column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "value", "better"),
    [
        ("a: [1,000 KRW]", ["1_000 KRW"], "1_000 KRW"),
        ("a: {b: 40,000,000 KRW, c: 1}", {"b": "40_000_000 KRW", "c": 1}, "40_000_000 KRW"),
        ("a: {b: -1,000.5 USDT}", {"b": "-1_000.5 USDT"}, "-1_000.5 USDT"),
        ("a: {b: 1,000%}", {"b": "1_000%"}, "1_000%"),
        ("a: [1,000,000]", [1000000], "1000000"),
        ("a: {b: 1,000}", {"b": 1000}, "1000"),
        ("a: [1,234,5]", [1234, 5], "1234"),
    ],
)
def test_digit_groups_that_a_comma_split_are_one_error_and_one_value(text: str, value: object, better: str) -> None:
    assert reading(text).data == {"a": value}
    finding = soft(text)
    assert finding.code == "K112"
    assert finding.help is not None
    assert render(finding.help).startswith(f"write `{better}`")
    assert reading("a: " + better).soft == {}


@pytest.mark.parametrize(
    "text", ["a: [100, 200]", "a: {b: '1,000 KRW'}", "a: 1,000 KRW", "a:\n  - 1,000 KRW", "a: [40%, 35%]"]
)
def test_two_values_or_a_whole_one_are_left_alone(text: str) -> None:
    document = reading(text)
    assert (document.findings, document.soft) == ([], {})


def test_each_split_number_of_a_list_is_said() -> None:
    assert [f.code for f in reading("a: [45,000,000 KRW, 31,000 USDT]").soft.values()] == ["K112", "K112"]


def test_blocks_may_be_nested_to_the_limit_and_no_deeper() -> None:
    assert reading("a: " + "[" * (DEPTH - 1) + "]" * (DEPTH - 1)).findings == []
    assert refused("a: " + "[" * DEPTH + "]" * DEPTH).code == "K107"
    assert refused("[" * 100_000).code == "K107"
    assert refused("- " * 5_000 + "a").code == "K107"


def test_values_may_be_many_to_the_limit_and_no_more() -> None:
    just = "a: [" + "1, " * (NODES - 4) + "1]"  # the block, its key, the list, and what is in it
    assert reading(just).findings == []
    assert refused(just.replace("[", "[1, ", 1)).code == "K107"


def test_nine_levels_of_aliases_are_refused_at_the_first() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    finding = refused(bomb)
    assert (finding.code, finding.mark.line, finding.mark.column) == ("K105", 1, 4)


def test_another_library_that_teaches_yaml_changes_nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    import re

    monkeypatch.setattr(yaml.SafeLoader, "yaml_implicit_resolvers", dict(yaml.SafeLoader.yaml_implicit_resolvers))
    monkeypatch.setattr(yaml.resolver.BaseResolver, "yaml_implicit_resolvers", {})
    for loader in (yaml.SafeLoader, yaml.resolver.BaseResolver):
        loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile("1e3"), list("1"))
        loader.add_path_resolver("!theirs", ["a"], str)
    assert yaml.safe_load("b: 1e3") == {"b": 1000.0}
    value = reading("a: 1e3").data["a"]
    assert (type(value), value) == (Decimal, Decimal(1000))


def test_reading_leaves_yaml_as_it_was() -> None:
    before = {k: list(v) for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    reading("a: on")
    assert {k: list(v) for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()} == before
    assert yaml.safe_load("a: on") == {"a": True}
