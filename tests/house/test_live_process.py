"""`karb run` at real accounts as a real process: what it asks of its owner first, and who may start."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.cli.run import answer_of
from tests.house.live_stage import ACCOUNT, KEY
from tests.house.process import LEDGER, Karb, asked, write
from tests.house.stage import LIVE
from tests.house.test_process import entered, traded

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")


@pytest.fixture
def here(folder: Path) -> Path:
    (folder / "market.txt").write_text("calm", "utf-8")
    return folder


def locked(folder: Path, name: str) -> str:
    done = asked(folder, "lock", name, "--because", "read twice")
    assert done.returncode == 0, done.stdout + done.stderr
    return name


def test_it_trades_by_locked_rules_a_second_one_is_refused_and_the_key_is_nowhere(here: Path) -> None:
    file = locked(here, write(here, *LIVE))
    with Karb(here, file) as karb:
        assert karb.heard("trades live").startswith(f"walker trades live, with real orders, account {ACCOUNT};")
        entered(karb, here)
        second = asked(here, "run", file, "--ledger", LEDGER)
        assert second.returncode == 9
        assert "account binance_usdm/binance is held by another karb" in second.stderr
        shown = asked(here, "status", "--ledger", LEDGER)
        assert shown.returncode == 0
        assert "walker" in shown.stdout
        karb.signalled(signal.SIGTERM)
        code, said = karb.ended()
    assert code == 10
    assert said[-1].startswith("stays open: BTC · short_premium, lot ")
    assert traded(here, ACCOUNT) == 2
    written = b"".join(path.read_bytes() for path in here.rglob("*") if path.is_file() and path.suffix != ".py")
    assert KEY.encode() not in written
    assert KEY not in "\n".join((*karb.lines, *said, second.stdout, second.stderr, shown.stdout))


@pytest.mark.parametrize(
    ("prepared", "code", "said"),
    [
        ("unlocked", 4, "walker.yaml"),
        ("edited", 4, "karb lock walker.yaml"),
        (
            "no secret",
            5,
            "secret:upbit has no value here: the keystore has none, and the variable KARB_SECRET_UPBIT is not set",
        ),
        ("no account", 5, "cannot yet run these in live: walk.later"),
    ],
)
def test_what_keeps_it_from_starting_is_one_sentence_and_its_code(
    prepared: str, code: int, said: str, here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = (("use: walk.spot", "use: walk.later"),) if prepared == "no account" else ()
    file = write(here, *LIVE, *later)
    if prepared != "unlocked":
        locked(here, file)
    if prepared == "edited":
        write(here, *LIVE, ("take_profit: 0.2%", "take_profit: 0.3%"))
    if prepared == "no secret":
        monkeypatch.delenv("KARB_SECRET_UPBIT")
    told = answer_of(capfd, ["run", file, "--ledger", LEDGER])
    assert (told.code, said in told.err) == (code, True), told.all
    assert sum(line.startswith("error: ") for line in told.err.splitlines()) == 1
    assert "Traceback" not in told.all


def test_paper_and_live_are_never_one_house(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one, other = write(here, *LIVE), write(here, ("name: walker", "name: other"), name="other")
    told = answer_of(capfd, ["run", one, other, "--ledger", LEDGER])
    assert (told.code, "these files run in different modes: live, paper" in told.err) == (2, True), told.all
