"""One sentence and the right exit code for whatever a person may get wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from karb_data.one_at_a_time import held
from karb_data.recorder import Recorder, write
from tests.cli.run import Answer, answer_of, ours
from tests.cli.shipped import STRATEGIES
from tests.plugins.karb_data.told_here import HOW, bar

Karb = Callable[..., Answer]
FILE = str(STRATEGIES / "kimp_threshold.yaml")


@pytest.fixture
def karb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Karb:
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: answer_of(capfd, arguments)


@pytest.mark.parametrize("command", [("show",), ("check",), ("dataset", "--out", "d.yaml")], ids=lambda c: c[0])
def test_a_folder_without_a_recording_is_said_with_what_to_do(karb: Karb, command: tuple[str, ...]) -> None:
    answer = karb("data", command[0], "nowhere", *command[1:])
    assert answer.code == 2
    assert "there is no recording in nowhere" in answer.err
    assert "karb data collect FILE --into nowhere" in answer.err


@pytest.mark.parametrize("written", ["10", "5 weeks", "0s", "-1h"])
def test_what_is_no_length_of_time_is_said(karb: Karb, written: str) -> None:
    answer = karb("data", "collect", FILE, "--into", "rec", f"--for={written}")
    assert answer.code == 2
    assert f"`{written}` is no length of time" in answer.err
    assert not Path("rec").exists()


def test_a_folder_that_is_recorded_into_is_not_taken_by_a_second(karb: Karb, tmp_path: Path) -> None:
    with held(tmp_path):
        answer = karb("data", "collect", FILE, "--into", str(tmp_path))
    assert answer.code == 2
    assert "is being recorded into already" in answer.err


def test_a_file_of_cadences_is_read_as_strictly_as_a_strategy(karb: Karb) -> None:
    Path("how.yaml").write_text("karb: 1\ntops: 100\nbar: 1m\noutliers: {last: 20}\n", "utf-8")
    answer = karb("data", "collect", FILE, "--into", "rec", "--how", "how.yaml")
    assert answer.code == 3
    for place in ("how.yaml:2:", "how.yaml:3:", "how.yaml:4:"):
        assert place in answer.err


def test_a_recorded_file_that_cannot_be_read_is_one_row_of_the_check(karb: Karb, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, HOW)
    recorder.take(bar(0))
    write(recorder.swapped(None))
    (path,) = tmp_path.rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:100])
    answer = karb("data", "check", str(tmp_path))
    assert answer.code == 7
    assert "unreadable  upbit BTC-KRW bars_60s" in answer.out
    assert karb("data", "show", str(tmp_path)).code == 7


def test_gaps_that_nobody_wrote_down_duplicates_and_clocks_are_found(karb: Karb, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, HOW)
    for minute in (0, 1, 70, 131, 193):
        recorder.take(bar(minute))
    write(recorder.swapped(None))
    (path,) = tmp_path.rglob("*.parquet")
    assert karb("data", "check", str(tmp_path), "--quiet-bars", "200").code == 0
    answer = karb("data", "check", str(tmp_path))
    assert answer.out.count("unreported gap") == 2, (
        "sixty bars in a row may not be there: 2 to 69 are more, 71 to 130 are not"
    )
    path.with_name("2026-11.0.000000009.parquet").write_bytes(path.read_bytes())
    assert "duplicate" in karb("data", "check", str(tmp_path)).out
