"""Approving: what a lock is written for, what it refuses, and what a damaged one is answered with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Karb
from tests.cli.files import EPOCH, write, wrong

BECAUSE = ("--because", "first rules")


@pytest.fixture(autouse=True)
def at_a_known_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def test_is_the_same_byte_by_byte_when_it_is_made_again(karb: Karb, home: Path):
    file = write("kimp.yaml")
    assert karb("lock", file, *BECAUSE).code == 0
    first = Path("kimp.lock").read_bytes()
    Path("kimp.lock").unlink()
    assert karb("lock", file, *BECAUSE).code == 0
    assert Path("kimp.lock").read_bytes() == first
    assert sorted(p.name for p in home.iterdir() if p.is_file()) == ["kimp.lock", "kimp.yaml"]


def test_stands_for_the_same_rules_however_they_are_spelt(karb: Karb):
    file = write("kimp.yaml")
    karb("lock", file, *BECAUSE)
    write(
        file,
        ("capital: 40,000,000 KRW", "capital: 40_000_000 KRW"),
        ("window: 20d", "window: 480h"),
        ("single: 40%", "single: 4000bp"),
    )
    assert karb("lock", file, "--check").code == 0
    assert karb("diff", file).out == "no value differs\n"


def test_without_a_lock_nothing_is_approved(karb: Karb):
    file = write("kimp.yaml")
    for answer in (karb("lock", file, "--check"), karb("diff", file), karb("diff", file, "--history")):
        assert (answer.code, answer.out) == (4, "")
        assert answer.err.endswith('if you approve them: karb lock kimp.yaml --because "..."\n')


@pytest.mark.parametrize("reason", [(), ("--because", ""), ("--because", "  ")])
def test_an_approval_has_a_reason(karb: Karb, reason):
    answer = karb("lock", write("kimp.yaml"), *reason)
    assert (answer.code, answer.err) == (2, 'error: say why: karb lock kimp.yaml --because "..."\n')
    assert not Path("kimp.lock").exists()


def test_a_file_with_errors_is_not_approved(karb: Karb):
    answer = karb("lock", wrong(), *BECAUSE)
    assert answer.code == 3
    assert "wrong.yaml: errors: 4" in answer.err
    assert not Path("wrong.lock").exists()


def test_a_file_whose_plugin_is_missing_is_not_approved(karb: Karb):
    file = write("kimp.yaml", ("money: {use: upbit.usdt_krw", "money: {use: nobody.usdt_krw"))
    assert karb("lock", file, *BECAUSE).code == 5
    assert karb("check", file).code == 5
    assert not Path("kimp.lock").exists()


@pytest.mark.parametrize("file", ["nowhere.yaml", ".", ""])
def test_a_file_that_is_not_there_is_a_mistake_of_the_command_line(karb: Karb, file):
    for command in ("lock", "plan", "diff", "check"):
        assert karb(command, file).code == 2
    assert karb("diff", file, "--history").code == (4 if file == "nowhere.yaml" else 2)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: text.replace("approvals:", "approved:"),
        lambda text: text.replace("  - {rules_digest", "  - {rules"),
        lambda text: text.replace("lock_format: 1", "lock_format: 2"),
        lambda text: text.replace("lock_format: 1\n", ""),
        lambda text: text.replace('changed: {}', 'changed: {"/capital": []}'),
        lambda text: "\0" + text,
        lambda text: text.replace("\n", "\n\t", 4),
        lambda text: "- a\n- b\n",
    ],
)  # fmt: skip
def test_a_damaged_or_newer_lock_approves_nothing_and_is_left_alone(karb: Karb, damage):
    file = write("kimp.yaml")
    karb("lock", file, *BECAUSE)
    before = Path("kimp.lock").read_text("utf-8")
    damaged = damage(before)
    assert damaged != before
    Path("kimp.lock").write_text(damaged, "utf-8")
    for arguments in (["lock", file, "--check"], ["lock", file, *BECAUSE], ["diff", file], ["diff", file, "--history"]):
        answer = karb(*arguments)
        assert answer.code == 4, (arguments, answer)
        assert answer.err.startswith("error: ") and "Traceback" not in answer.err
        assert "kimp.lock" in answer.err
    assert karb("plan", file).code == 0
    assert Path("kimp.lock").read_text("utf-8") == damaged


def test_other_code_under_the_same_rules_is_told_apart(karb: Karb):
    file = write("kimp.yaml")
    karb("lock", file, *BECAUSE)
    lock = Path("kimp.lock")
    lines = lock.read_text("utf-8").split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith('  "karb_premium":'))
    lines[at] = lines[at].replace("sha256:", "sha256:0")
    lock.write_text("\n".join(lines), "utf-8")
    answer = karb("lock", file, "--check")
    assert answer.code == 4
    assert answer.err.startswith("error: same rules, other code") or "karb_premium" in answer.err
    assert karb("diff", file).out == "no value differs\n"
    assert karb("lock", file, "--because", "the plugin's new release").code == 0
    assert karb("lock", file, "--check").code == 0


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said(karb: Karb, home: Path):
    file = write("kimp.yaml")
    home.chmod(0o555)
    answer = karb("lock", file, *BECAUSE)
    home.chmod(0o755)
    assert (answer.code, answer.err) == (2, "error: kimp.lock could not be written: Permission denied\n")


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left_behind(karb: Karb, home: Path):
    file = write("kimp.yaml")
    Path("kimp.lock").mkdir()
    answer = karb("lock", file, *BECAUSE)
    assert answer.code == 4
    assert answer.err.startswith("error: kimp.lock")
    assert sorted(p.name for p in home.iterdir() if p.is_file()) == ["kimp.yaml"]


def test_a_lock_whose_lines_are_not_what_it_approves_approves_nothing(karb: Karb):
    file = write("kimp.yaml")
    karb("lock", file, *BECAUSE)
    lock = Path("kimp.lock")
    lock.write_text(
        lock.read_text("utf-8").replace('value: "0.4", written: "40%"', 'value: "0.9", written: "90%"'), "utf-8"
    )
    answered = karb("lock", file, "--check")
    assert answered.code == 4
    assert "edited or merged by hand" in answered.err


def test_taking_a_bound_away_is_looser_and_setting_one_is_tighter(karb: Karb):
    file = write("kimp.yaml")
    karb("lock", file, *BECAUSE)
    write(file, ("min_premium: 0.5%", "min_premium: none"))
    assert "looser" in karb("diff", file).out
    karb("lock", file, "--because", "no floor")
    write(file, ("stop_loss: none", "stop_loss: none"))
    assert "tighter" in karb("diff", file).out
