"""Who may look and who may steer: what is drawn, what is read, what is refused, and how often one may guess."""

from __future__ import annotations

import sys
from pathlib import Path

import pyotp
import pytest

from karb_core.errors import UsageMistake
from karb_dashboard.access import Access
from karb_dashboard.callers import Callers

SECOND = 1_000_000_000
NOW_S = 1_800_000_000
posix = pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")


def test_the_first_start_draws_a_token_and_a_word_and_the_next_reads_them(tmp_path: Path) -> None:
    first, other = Access.of(tmp_path / "a"), Access.of(tmp_path / "b")
    assert (first.token, first.word) != (other.token, other.word)
    again = Access.of(tmp_path / "a")
    assert (again.token, again.word, again.second) == (first.token, first.word, "word")
    assert first.token not in repr(first)
    assert first.word not in repr(first)


@posix
def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    Access.of(tmp_path)
    assert [file.stat().st_mode & 0o777 for file in sorted(tmp_path.iterdir())] == [0o600, 0o600]
    (tmp_path / "token").chmod(0o644)
    with pytest.raises(UsageMistake, match="others can read"):
        Access.of(tmp_path)


@pytest.mark.parametrize("written", ["", "short\n", "two\nlines of text that are long\n"])
def test_a_token_that_could_be_guessed_is_refused(tmp_path: Path, written: str) -> None:
    Access.of(tmp_path)
    (tmp_path / "token").write_text(written, "utf-8")
    with pytest.raises(UsageMistake, match="says nothing that could be used"):
        Access.of(tmp_path)


def test_the_owners_own_word_counts_however_it_is_spelt(tmp_path: Path) -> None:
    Access.of(tmp_path)
    (tmp_path / "word").write_text("바다 Gull\n", "utf-8")
    access = Access.of(tmp_path)
    assert [access.steers(given, NOW_S) for given in ("바다 gull", " 바다 GULL ", "바다", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_with_a_code_the_word_does_nothing_and_a_code_counts_once(tmp_path: Path) -> None:
    Access.of(tmp_path)
    secret = pyotp.random_base32()
    (tmp_path / "code").write_text(f"{secret}\n", "utf-8")
    (tmp_path / "code").chmod(0o600)
    access = Access.of(tmp_path)
    shown = pyotp.TOTP(secret).at(NOW_S)
    later, long_gone = pyotp.TOTP(secret).at(NOW_S + 30), pyotp.TOTP(secret).at(NOW_S - 90)
    assert access.second == "code"
    given = [access.word, long_gone, shown, shown, later]
    assert [access.steers(each, NOW_S) for each in given] == [False, False, True, False, True]


def test_a_session_ends_by_time_and_by_another_token(tmp_path: Path) -> None:
    access, other = Access.of(tmp_path / "a"), Access.of(tmp_path / "b")
    session = access.session(NOW_S)
    assert access.knows(session, NOW_S + 29 * 86_400)
    assert not access.knows(session, NOW_S + 30 * 86_400)
    assert not other.knows(session, NOW_S)


def test_one_caller_asks_so_often_in_a_second_and_no_other_is_held_up_by_it() -> None:
    callers = Callers(3)
    assert [callers.may_ask("a", 0) for _ in range(4)] == [0, 0, 0, 1]
    assert (callers.may_ask("b", 0), callers.may_ask("a", SECOND)) == (0, 0)


def test_who_guessed_wrong_five_times_waits_and_so_do_all_after_thirty() -> None:
    callers = Callers(3)
    for _ in range(5):
        assert callers.may_guess("a", 0) == 0
        callers.wrong("a", 0)
    assert (callers.may_guess("a", 0), callers.may_guess("b", 0)) == (60, 0)
    for n in range(25):
        callers.wrong(f"c{n}", 0)
    assert callers.may_guess("b", 0) == 60
    assert callers.may_guess("a", 60 * SECOND) == 0
