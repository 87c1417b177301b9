"""karb as a process of its own: other encodings, no colours, and a reader that goes away."""

from __future__ import annotations

import os
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


def test_no_colours_where_there_is_no_terminal(folder: Path):
    _, err = started(ARGUMENTS, folder).communicate(timeout=30)
    assert b"\x1b[" not in err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        (["check", "nowhere.yaml"], {}, True),
        (["check", "nowhere.yaml"], {"NO_COLOR": "1"}, False),
        (["--no-color", "check", "nowhere.yaml"], {}, False),
    ],
)
def test_colours_on_a_terminal_unless_they_are_not_wanted(folder: Path, arguments, environment, coloured):
    ours, theirs = os.openpty()
    process = started(arguments, folder, stderr=theirs, TERM="xterm", **environment)
    assert process.stdout is not None
    process.stdout.read()
    process.stdout.close()
    assert process.wait(timeout=30) == 2
    os.close(theirs)
    shown = os.read(ours, 4096)
    os.close(ours)
    assert b"nowhere.yaml" in shown
    assert (b"\x1b[" in shown) is coloured
