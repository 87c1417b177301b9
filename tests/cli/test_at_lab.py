"""`karb run --lab`: what it refuses before anything is asked, and that no key of the owner's is near it."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.errors import StrategyInvalid
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.runs import Run
from karb_core.rulebook.dispatch import Seat
from karb_core.wiring.local_venues import lab_wanted, localised
from tests.cli.run import answer_of, ours, started
from tests.cli.shipped import ROOT
from tests.house.lab_stage import rehearsed

HERE = {"upbit": "http://127.0.0.1:1", "binance_usdm": "http://127.0.0.1:2"}
ADDRESSES = ("socket", "rest", "base_url", "rights_url")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    return write(tmp_path)


def write(folder: Path, *edits: tuple[str, str]) -> str:
    path = folder / "rehearsed.yaml"
    path.write_text(rehearsed(*edits), "utf-8")
    return str(path)


def stated(seat: Seat) -> Mapping[str, Any]:
    return {name: value for name, value in seat.params.model_dump().items() if name in ADDRESSES}


def test_every_address_of_the_file_is_one_of_this_machine_and_its_rules_are_what_was_written(file: str) -> None:
    rulebook = rulebook_of(Terminal(), file)
    there = localised(rulebook, HERE)
    addresses = [value for seat in there.seats for value in stated(seat).values()]
    assert len(addresses) == 2 + 2 + 2 + 2 + 1 + 2, "two feeds, two rates, two executors"
    assert all("127.0.0.1" in address for address in addresses)
    assert there.digests == rulebook.digests
    assert there.lines == rulebook.lines


def test_the_lab_is_asked_for_what_the_file_says(file: str) -> None:
    wanted = lab_wanted([rulebook_of(Terminal(), file)])
    assert len(wanted.instruments) == 6
    assert wanted.opening["binance_usdm"] == {"USDT": 31_000}
    assert [(account.name, account.leverage) for account in wanted.accounts] == [
        ("upbit secret:upbit", None),
        ("binance_usdm production secret:binance", 1),
    ]
    assert wanted.bars_ns == 60_000_000_000


def test_a_component_that_would_ask_a_real_venue_is_refused(tmp_path: Path, file: str) -> None:
    del file
    bank = (
        "premium: {use: upbit.usdt_krw, with: {max_age: 10s}}",
        "premium: {use: fx.koreaexim, with: {key: secret:bank, max_age: 30h, when_closed: 110h}}",
    )
    rulebook = rulebook_of(Terminal(), write(tmp_path, bank))
    with pytest.raises(StrategyInvalid, match=r"fx\.koreaexim cannot be pointed at local venues"):
        localised(rulebook, HERE)


def test_a_venue_that_is_not_there_is_named(file: str) -> None:
    with pytest.raises(StrategyInvalid, match="needs binance_usdm, and the local venues are upbit"):
        localised(rulebook_of(Terminal(), file), {"upbit": HERE["upbit"]})


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--mode", "live", "--lab"), 4, "karb lock"),
        (("--mode", "backtest", "--lab"), 2, "--lab rehearses paper and live"),
        (("--mode", "live", "--lab-at", "https://api.upbit.com"), 2, "https://api.upbit.com is not on this machine"),
        (("--mode", "live", "--lab-at", "http://127.0.0.1:1"), 2, "no lab answers at http://127.0.0.1:1"),
    ],
)
def test_what_keeps_it_from_starting_is_one_sentence_and_its_code(
    arguments: tuple[str, ...], code: int, said: str, file: str, capfd: pytest.CaptureFixture[str]
) -> None:
    told = answer_of(capfd, ["run", file, *arguments])
    assert (told.code, said in told.err) == (code, True), told.all
    assert "Traceback" not in told.all


def test_a_file_that_is_for_paper_is_not_rehearsed_live(
    tmp_path: Path, file: str, capfd: pytest.CaptureFixture[str]
) -> None:
    del file
    told = answer_of(capfd, ["run", write(tmp_path, ("mode: live", "mode: paper")), "--mode", "live", "--lab"])
    assert told.code == 2, told.all


def test_a_ledger_with_a_real_account_is_not_written_to(
    tmp_path: Path, file: str, capfd: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "real.sqlite")
    ledger = open_ledger(place)
    real = Run.started(
        strategy="other", account="live:upbit secret:upbit", mode="live", rules_digest="sha256:1",
        assumptions_digest="sha256:2", started_at_ns=1,
    )  # fmt: skip
    ledger.begin(real, 1).end("done", 2)
    ledger.close()
    told = answer_of(capfd, ["run", file, "--mode", "live", "--lab", "--ledger", place])
    assert (told.code, "has a real account, live:upbit secret:upbit" in told.err) == (2, True), told.all


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent as a signal")
def test_one_command_starts_venues_and_trades_there_without_any_key_of_the_owners(tmp_path: Path, file: str) -> None:
    locked(tmp_path, file)
    with started(
        ["run", file, "--mode", "live", "--lab"], tmp_path, KARB_SECRET_UPBIT="planted-key:planted-secret"
    ) as made:
        assert made.stdout is not None
        lines = []
        while not lines or b"bars that the signal looks back on are there" not in lines[-1]:
            line = made.stdout.readline()
            assert line, lines
            lines.append(line)
        made.send_signal(signal.SIGINT)
        rest, errors = made.communicate(timeout=60)
        assert made.returncode == 130, (rest, errors)
    assert any(b"trades live at venues of this machine, with money that is not there" in line for line in lines)
    assert b"stopped: nothing stays open" in rest
    assert (tmp_path / "karb-home" / "lab.sqlite").exists()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"planted" not in written + rest + errors + b"".join(lines)


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent as a signal")
def test_a_lab_for_a_file_has_its_accounts_and_one_without_them_is_refused(
    tmp_path: Path, file: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with started(["lab", "--format", "json"], tmp_path) as lab:
        assert lab.stdout is not None
        control = _document(lab.stdout)["control"]
        locked(tmp_path, file)
        told = answer_of(capfd, ["run", file, "--mode", "live", "--lab-at", control])
        lab.send_signal(signal.SIGINT)
    assert (told.code, "has no account `upbit secret:upbit`" in told.err) == (2, True), told.all
    with started(["lab", "--for", file, "--format", "json"], tmp_path) as lab:
        assert lab.stdout is not None
        venues = _document(lab.stdout)["venues"]
        lab.send_signal(signal.SIGINT)
    assert [each["name"] for venue in ("upbit", "binance_usdm") for each in venues[venue]["accounts"]] == [
        "upbit secret:upbit", "binance_usdm production secret:binance",
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent as a signal")
def test_coins_against_their_own_future_are_traded_at_local_venues_of_one_house(
    tmp_path: Path, file: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The shipped file at Binance's two products, until it holds a lot: the ledger is then proven to the last digit."""
    del file
    text = (ROOT / "strategies" / "cash_and_carry.yaml").read_text("utf-8")
    for old, new in (
        ("mode: paper", "mode: live"),
        ("bar: 1h ", "bar: 1m "),
        ("enter_at: 1.2%", "enter_at: -90%"),
        ("leave_at: 0% ", "leave_at: none "),
        ("alerts.discord, with: {webhook: secret:discord, ", "alerts.console, with: {"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (tmp_path / "carry.yaml").write_text(text, "utf-8")
    carry = str(tmp_path / "carry.yaml")
    locked(tmp_path, carry)
    with started(["run", carry, "--mode", "live", "--lab"], tmp_path) as made:
        assert made.stdout is not None
        lines: list[bytes] = []
        while not lines or b"entry long_premium" not in lines[-1]:
            line = made.stdout.readline()
            assert line, lines
            lines.append(line)
        made.send_signal(signal.SIGINT)
        rest, errors = made.communicate(timeout=60)
    assert b"stays open: BTC" in rest, (rest, errors)
    ledger = str(tmp_path / "karb-home" / "lab.sqlite")
    told = answer_of(capfd, ["ledger", "check", "--ledger", ledger])
    assert told.code == 0, told.all


def locked(folder: Path, file: str) -> None:
    with started(["lock", file, "--because", "rehearsed"], folder) as done:
        _, errors = done.communicate(timeout=60)
    assert done.returncode == 0, errors


def _document(stream: Any) -> dict[str, Any]:
    text = ""
    while not text.endswith("\n}\n"):
        line = stream.readline().decode()
        assert line, text
        text += line
    return json.loads(text)
