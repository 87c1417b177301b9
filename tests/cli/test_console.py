"""karb as a process of its own: other encodings, no colours, and a reader that goes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.files import wrong
from tests.cli.run import started

ARGUMENTS = ["--lang", "ko", "check", "wrong.yaml", "nowhere.yaml"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    wrong()
    return tmp_path


@pytest.mark.parametrize(
    ("encoding", "shown"), [("cp949", "cp949"), ("ascii", "utf-8"), ("utf-8", "utf-8"), ("cp1252", "cp1252")]
)
def test_a_console_of_any_encoding_shows_what_it_can(folder: Path, encoding, shown):
    process = started(ARGUMENTS, folder, PYTHONIOENCODING=encoding)
    out, err = process.communicate(timeout=30)
    text = err.decode(shown)
    assert process.returncode == 3 and out == b""
    assert "Traceback" not in text and "error[K303]" in text
    assert ("그런 파일이 없습니다" in text) is (encoding != "cp1252")


def test_a_reader_that_goes_away_is_no_error(folder: Path):
    process = started(["schema"], folder)
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == b"{\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=30) == 0
    process.stderr.close()


def test_colours_only_where_a_terminal_asks_for_them(folder: Path):
    for environment in ({}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}):
        _, err = started(ARGUMENTS, folder, **environment).communicate(timeout=30)
        assert b"\x1b[" not in err
