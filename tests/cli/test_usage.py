"""A wrong command line is answered in one sentence, with exit code 2 and without a traceback."""

from __future__ import annotations

import random

import pytest

from karb_core.cli.commands import COMMANDS, command_names
from tests.cli.conftest import Karb

KIMP = "strategies/kimp_tiered.yaml"

SAID = [
    (["chek"], "there is no command `chek`", "did you mean `check`?"),
    (["trade"], "there is no command `trade`", "karb --help shows how it is written"),
    (["new", "stratgy"], "there is no command `stratgy`", "did you mean `strategy`?"),
    (["check"], "FILE... is missing", "karb check --help shows how it is written"),
    (["plan"], "FILE is missing", "karb plan --help shows how it is written"),
    (["describe"], "USE is missing", "karb describe --help shows how it is written"),
    (["plan", "a", "b"], "this is too much here: b", "karb plan --help shows how it is written"),
    (["check", "--fromat", "json", KIMP], "there is no option `--fromat`", "did you mean `--format`?"),
    (["check", "--format", "xml", KIMP], "--format must be one of text, json", None),
    (["lock", KIMP, "--because"], "the option --because needs a value behind it", None),
    (["lock", KIMP, "--check=1"], "the option --check takes no value", None),
    (["--lang", "fr", "check", KIMP], "--lang must be one of en, ko", None),
    (["list", "gate"], "there is no port `gate`", "did you mean `risk_gate`?"),
    (["explain", "K999"], "there is no code `K999`", None),
    (["explain", "premium"], "there is no code `premium`", "all codes: karb explain"),
    (
        ["describe", "premium.zscor"],
        "no component named `premium.zscor` is installed",
        "did you mean `premium.zscore`?",
    ),
    (["schema", "nobody"], "no component named `nobody` is installed", "see what there is: karb list"),
    (["schema", "-o", "no/where.json"], "no/where.json could not be written: No such file or directory", None),
    (["doctor", "--plugin", "premum"], "no plugin named `premum` is installed", None),
    (["check", KIMP, "--price", "BTC"], "`BTC` is not a price", None),
    (["check", KIMP, "--price", "upbit BTC/KRW=0"], "`upbit BTC/KRW=0` is not a price", None),
    (["diff", KIMP, KIMP, "--history"], "--history takes one file", None),
    (["check", "nowhere.yaml"], "nowhere.yaml: there is no such file", None),
    (["check", "."], ". is a folder, not a strategy file", None),
]


@pytest.mark.parametrize(("arguments", "said", "help_"), SAID)
def test_one_sentence_and_what_to_do(karb: Karb, arguments, said, help_):
    answer = karb(*arguments)
    assert (answer.code, answer.out) == (2, "")
    lines = answer.err.split("\n")
    assert lines[0].startswith(f"error: {said}")
    assert lines[-1] == "" and len(lines) <= 3
    if help_ is not None:
        assert lines[1] == f"   help: {help_}"


@pytest.mark.parametrize("arguments", [case[0] for case in SAID if "fr" not in case[0]])
def test_in_korean_too(karb: Karb, arguments):
    answer = karb("--lang", "ko", *arguments)
    assert answer.code == 2
    assert any("가" <= c <= "힣" for c in answer.err.split("\n")[0])


@pytest.mark.parametrize("name", COMMANDS)
def test_help_begins_with_lines_to_paste(karb: Karb, name):
    answer = karb(name, "--help")
    assert answer.code == 0
    pasted = answer.out.split("\n\n")[1].split("\n")
    assert pasted[0].startswith("  karb ") and f" {name}" in pasted[0]


def test_without_a_command_the_help_is_shown(karb: Karb):
    shown = karb()
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == karb("--help").out
    assert karb("new").out == karb("new", "--help").out


def test_help_in_korean_says_what_each_command_is_for(karb: Karb):
    listed = karb("--lang", "ko", "--help").out.split("명령:\n")[1].strip("\n").split("\n")
    assert [line.split()[0] for line in listed] == command_names()
    assert all(any("가" <= c <= "힣" for c in line) for line in listed)


@pytest.mark.parametrize(
    ("environment", "arguments", "korean"),
    [
        ({"KARB_LANG": "ko"}, [], True),
        ({"KARB_LANG": "", "LANG": "ko_KR.UTF-8"}, [], True),
        ({"KARB_LANG": "en", "LANG": "ko_KR.UTF-8"}, [], False),
        ({"KARB_LANG": "ko"}, ["--lang", "en"], False),
        ({"KARB_LANG": "en"}, ["--lang=ko"], True),
        ({"KARB_LANG": "", "LANG": "C.UTF-8"}, [], False),
    ],
)
def test_the_language_is_the_one_asked_for(karb: Karb, monkeypatch, environment, arguments, korean):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for rest in (["check", "nowhere.yaml"], ["check"]):
        assert ("그런" in (said := karb(*arguments, *rest).err) or "빠졌" in said) is korean


def test_the_version(karb: Karb):
    assert karb("--version").out == "karb 0.1.0\n"


def test_what_karb_did_not_expect_is_one_sentence_too(karb: Karb, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9" * 30)
    answer = karb("lock", KIMP, "--because", "x")
    assert answer.code == 1
    assert answer.err.startswith("error: karb did not expect this: ") and len(answer.err.split("\n")) == 3


def test_no_command_line_is_unexpected(karb: Karb):
    """Words that belong together in no order at all: each is done or answered, none surprises karb."""
    commands = [name for name in COMMANDS if name != "run"]  # a run is no question
    given = ["strategy", KIMP, "nowhere.yaml", ".", "", "-", "--", "K302", "김프", "a\tb", "\u3000", "\ud800"]
    given += ["premium.zscore", "premium.", ".zscore", "gates", "json", "ko", "stable", "x/y", "="]
    options = ["--format", "--format=json", "--check", "--because", "--history", "--price", "-o", "--lang"]
    options += ["--no-color", "--plugin", "--help", "-h", "--stage"]
    draw = random.Random(20261121)
    for _ in range(120):
        arguments = [draw.choice(commands), *draw.choices([*commands, *given, *options], k=draw.randrange(4))]
        answer = karb(*arguments)
        assert answer.code != 1, (arguments, answer)
