"""Five hands stop a house that trades at local venues: each by itself, over a kill, until its own rule lets it go."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")
pytest.importorskip("fastapi", reason="needs karb[dashboard]")
pytest.importorskip("playwright", reason="drives a browser")
pytest.importorskip("redis", reason="needs karb[redis]")

from karb_redis.store import KEY
from tests.house.hands import Owner, owner

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")

#: Interrupted with nothing open.
FLAT = 130


def nothing_is_entered(by: Owner) -> None:
    """At a bar at which every rule would have it."""
    before = by.stage.fills()
    by.stage.premium("0.027")
    by.stage.a_bar_closes()
    assert by.stage.fills() == before == 0, by.stage.story()
    by.stage.premium("0")


def flat(by: Owner) -> bool:
    return not by.stage.open_base() and not by.stage.near_base()


def test_each_hand_stops_it_over_a_kill_and_is_let_go_by_its_own_rule_and_flatten_ends_flat(tmp_path: Path) -> None:
    with owner(tmp_path) as by:
        life = by.begins()
        store, file = f"{by.redis.address} {KEY}: key", f"{by.home / 'HALT'}: file"
        for hand, reason in (
            (by.telegram, "telegram"),
            (by.button, "button"),
            (by.cli, "cli"),
            (by.file, file),
            (by.key, store),
        ):
            hand()
            by.until(lambda reason=reason: by.standing() == {reason})
            nothing_is_entered(by)
            by.resumes()
            if hand == by.file:
                assert by.standing() == {file}, "a resume while it is there ends nothing of it"
                (by.home / "HALT").unlink()
            if hand == by.key:
                assert by.standing() == {store}, "a resume while it is there ends nothing of it"
                by.commands("resume", "--everywhere")
                assert by.standing() == {store}, "taking it away resumes nobody"
            if by.standing():
                by.until(lambda: (by.resumes(), not by.standing())[1])
            assert by.standing() == set()

        for hand in (by.telegram, by.button, by.cli, by.file, by.key):
            hand()
        everything = {"telegram", "button", "cli", file, store}
        by.until(lambda: by.standing() == everything)
        life.killed()
        by.begins()
        nothing_is_entered(by)
        assert by.standing() == everything
        by.resumes()
        assert by.standing() == {file, store}
        (by.home / "HALT").unlink()
        by.until(lambda: (by.resumes(), by.standing() == {store})[1])
        by.by_hand.delete(KEY)
        by.until(lambda: (by.resumes(), not by.standing())[1])

        by.stage.premium("0.027")
        by.stage.until_bars_close(by.stage.open_base)
        by.stage.premium("0")
        by.flattens()
        by.until(lambda: flat(by) and by.standing() == {"out"} and by.stage.settled())
        by.stage.need_same_books()
        by.redis.ended()
        by.life.heard("does not answer, so nothing is entered until it does") if by.life else None
        assert by.life is not None
        assert by.life.ended() == FLAT, by.life.lines
